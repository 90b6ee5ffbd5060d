"""The text of a proto under another package: what is edited, and what is not."""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2

from apicontract.formats.proto.load import from_texts
from apicontract.formats.proto.renaming import Renaming, renamed

V2 = Renaming("acme.orders.v1", "acme.orders.v2")


def edited(text, *, package="acme.orders.v1", renaming=V2, imports=None):
    found, _ = renamed(text.encode(), package, [renaming], imports or {})
    return found.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("package acme.orders.v1;", "package acme.orders.v2;"),
        ("package /* of orders */ acme.orders.v1 ;", "package /* of orders */ acme.orders.v2 ;"),
        ("  .acme.orders.v1.Order a = 1;", "  .acme.orders.v2.Order a = 1;"),
        ("  acme.orders.v1.Order.Line a = 1;", "  acme.orders.v2.Order.Line a = 1;"),
        ("  orders.v1.Order a = 1;", "  orders.v2.Order a = 1;"),
        ("  v1.Order a = 1;", "  v2.Order a = 1;"),
        ("  map<string, acme.orders.v1.Order> a = 1;", "  map<string, acme.orders.v2.Order> a = 1;"),
        ("  string b = 1 [(acme.orders.v1.tag) = true];", "  string b = 1 [(acme.orders.v2.tag) = true];"),
        ("extend acme.orders.v1.Order {", "extend acme.orders.v2.Order {"),
        ('import public "acme/orders/v1/a.proto";', 'import public "acme/orders/v2/a.proto";'),
        ("import 'acme/orders/v1/a.proto';", "import 'acme/orders/v2/a.proto';"),
        ("// See [Order][acme.orders.v1.Order].", "// See [Order][acme.orders.v2.Order]."),
        ('response_type: "acme.orders.v1.Order"', 'response_type: "acme.orders.v2.Order"'),
        ("package acme . orders\n  .v1 ;", "package acme.orders.v2 ;"),
        ("  acme . orders . v1 . Order a = 1;", "  acme.orders.v2.Order a = 1;"),
        ("  acme.orders.v1\n.Order a = 1;", "  acme.orders.v2.Order a = 1;"),
        ("  repeated .acme.orders.v1.Order a = 1;", "  repeated .acme.orders.v2.Order a = 1;"),
        ("  optional . acme.orders.v1.Order a = 1;", "  optional .acme.orders.v2.Order a = 1;"),
        ("rpc A(stream .acme.orders.v1.Order) {}", "rpc A(stream .acme.orders.v2.Order) {}"),
        ("extend .acme.orders.v1.Order {", "extend .acme.orders.v2.Order {"),
        ('import "acme/orders" "/v1/"\n  "a.proto";', 'import "acme/orders/v2/a.proto";'),
        ("import 'acme/orders/' \"v1/a.proto\";", "import 'acme/orders/v2/a.proto';"),
        ('x: "acme.orders." "v1.Order"', 'x: "acme.orders.v2.Order"'),
        # nothing of it
        ("  acme . common . v1 . Money a = 1;", None),
        ('import "acme/orders/v1/" "other.proto";', None),
        ("  acme.orders.v10.Order a = 1;", None),
        ("  other.acme.orders.v1.Order a = 1;", None),
        ("  acme.common.v1.Money a = 1;", None),
        ('import "acme/orders/v1/other.proto";', None),
        ('  string a = 1 [(x) = "of acme.orders.v1.Order"];', None),
        ("// acme.orders.v1 was the first", None),
        ("  string v1 = 1;", None),
        ("  string package = 1;", None),
    ],
)
def test_what_names_the_package(before, after):
    imports = {"acme/orders/v1/a.proto": "acme/orders/v2/a.proto"}
    assert edited(before, imports=imports) == (after or before)


@pytest.mark.parametrize(
    ("option", "before", "after"),
    [
        ("go_package", "example.com/gen/orders/v1;ordersv1", "example.com/gen/orders/v2;ordersv2"),
        ("go_package", "example.com/v1/gen/orders/v1", "example.com/v1/gen/orders/v2"),
        ("go_package", "example.com/gen/acmeordersv1", "example.com/gen/acmeordersv2"),
        ("go_package", "example.com/gen;ordersv1pb", "example.com/gen;ordersv2pb"),
        ("go_package", "example.com/gen;dev1", "example.com/gen;dev1"),
        ("java_package", "com.acme.orders.v1", "com.acme.orders.v2"),
        ("csharp_namespace", "Acme.Orders.V1", "Acme.Orders.V2"),
        ("php_namespace", "Acme\\\\Orders\\\\V1", "Acme\\\\Orders\\\\V2"),
        ("ruby_package", "Acme::Orders::V1", "Acme::Orders::V2"),
        ("objc_class_prefix", "AOV1", "AOV2"),
        ("objc_class_prefix", "AOX", "AOX"),
        ("java_outer_classname", "OrdersV1", "OrdersV1"),
    ],
)
def test_options_that_hold_the_version(option, before, after):
    line = 'option {} = "{}";'
    assert edited(line.format(option, before)) == line.format(option, after)


def test_options_without_a_version_are_told():
    text = b'option java_package = "com.acme";\noption go_package = "x/orders/v1";\n'
    _, kept = renamed(text, "acme.orders.v1", [V2], {})
    assert kept == ("java_package = com.acme",)


def test_the_paths_of_http_are_served_by_the_new_major():
    text = """
  rpc Get(A) returns (B) {
    option (google.api.http) = {
      get: "/v1/orders/{id=orders/*}" additional_bindings { post: "/v1:find" };
    };
    option (acme.note) = "/v1/orders";
  }
  string a = 1 [(x) = "/v1/orders"];
"""
    after = text.replace('"/v1/orders/{', '"/v2/orders/{').replace('"/v1:', '"/v2:')
    assert edited(text) == after


def test_another_package_keeps_its_options_and_paths():
    text = 'package acme.billing.v1;\noption go_package = "x/orders/v1";\n// acme.orders.v1.Order\n'
    assert edited(text, package="acme.billing.v1") == text


@pytest.mark.parametrize(
    ("package", "name", "after"),
    [
        ("acme.billing.v1", "orders.v1.Order", "orders.v2.Order"),
        ("acme.billing.v1", "v1.Order", "v1.Order"),
        ("other", "orders.v1.Order", "orders.v1.Order"),
        ("other", "acme.orders.v1.Order", "acme.orders.v2.Order"),
    ],
)
def test_the_end_of_a_name_counts_where_scopes_reach_it(package, name, after):
    assert edited(f"  {name} a = 1;", package=package) == f"  {after} a = 1;"


def test_a_package_without_version_does_not_take_along_what_is_in_it():
    renaming = Renaming("acme.orders", "acme.orders.v1", ("acme.orders.admin",))
    text = "package acme.orders;\n acme.orders.Order a = 1; acme.orders.admin.Key b = 2; orders.Order c = 3;"
    assert edited(text, package="acme.orders", renaming=renaming) == (
        "package acme.orders.v1;\n acme.orders.v1.Order a = 1; acme.orders.admin.Key b = 2; orders.v1.Order c = 3;"
    )
    assert edited("package acme.orders.admin;", package="acme.orders.admin", renaming=renaming) == (
        "package acme.orders.admin;"
    )


def test_line_ends_and_bytes_stay():
    text = b"package acme.orders.v1;\r\n// \xff \xc3\xa4\r\nmessage A {}"
    assert renamed(text, "acme.orders.v1", [V2], {})[0] == text.replace(b"s.v1", b"s.v2")


EVERYTHING = """\
syntax = "proto2";
package acme.orders.v1;
import "google/protobuf/descriptor.proto";
option java_package = "com.acme.orders.v1";
message Order {
  message Line { optional acme.orders.v1.Kind kind = 1; repeated v1.Order.Line more = 2; }
  repeated Line lines = 1;
  map<string, orders.v1.Order> by_name = 2;
  optional group Extra = 3 { optional .acme.orders.v1.Order.Extra again = 1; }
  oneof one { Kind a = 4 [default = KIND_B]; string v1 = 5; }
  extensions 100 to 200;
  reserved "package", "acme.orders.v1";
}
enum Kind { KIND_A = 0; KIND_B = 1; }
extend acme.orders.v1.Order { optional int32 weight = 100; }
extend google.protobuf.FieldOptions { optional Note note = 50000; }
message Note { optional string text = 1; optional Order order = 2; }
message User { optional string id = 1 [(acme.orders.v1.note).text = "x", (v1.note).order = {v1: "a"}]; }
service Orders { rpc Get(acme.orders.v1.User) returns (stream orders.v1.Order); }
"""


def test_what_compiles_means_the_same_under_the_new_name():
    """The descriptors are equal but for the name: no reference is lost, and nothing else is touched."""
    first, second = (
        _described(from_texts({"a.proto": text}).files["a.proto"].proto)
        for text in (EVERYTHING, edited(EVERYTHING))
    )
    assert first.count(b"acme.orders.v1") > 10
    assert second == first.replace(b"acme.orders.v1", b"acme.orders.v2")


def _described(file):
    """The descriptor without what is a text and not a name."""
    proto = descriptor_pb2.FileDescriptorProto()
    proto.CopyFrom(file)
    assert proto.message_type[0].reserved_name.pop() == "acme.orders.v1"
    proto.options.Clear()
    return proto.SerializeToString(deterministic=True)
