"""Rules on what does not compile."""

from __future__ import annotations

from apicontract.findings import FindingRule, Severity
from apicontract.formats.proto.validate.rules.texts import edition, files, orders, proto2

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_ORDER = "message Order {\n  string id = 1;\n}"
_CUSTOMER = orders("message Customer {\n  string id = 1;\n}", package="acme.customers.v1")
_WITH_CUSTOMER = "message Order {\n  acme.customers.v1.Customer customer = 1;\n}"
_CUSTOMERS = "acme/customers/v1/customers.proto"
_LOCAL = orders("local message Item {}\n\nmessage Items {}", syntax='edition = "2024"')
_USING_LOCAL = orders(
    "message Order {\n  Item first = 1;\n  Items others = 2;\n}",
    imports="acme/orders/v1/items.proto",
    syntax='edition = "2024"',
)

RULES = (
    FindingRule(
        "syntax-invalid",
        "The text of a file is not protobuf.",
        _ERROR,
        "Nothing after the mistake can be trusted, and no code can be generated.",
        "Mend the text; a missing semicolon, number or brace shows one line further on.",
        orders("message Order {\n  string id 1;\n}"),
        orders(_ORDER),
    ),
    FindingRule(
        "syntax-lacks-it",
        "A file uses what its syntax or edition does not have.",
        _ERROR,
        "Labels, defaults, groups and features differ between proto2, proto3 and the editions.",
        "Write it as the file's syntax has it, or move the file to another syntax.",
        edition("message Order {\n  optional string id = 1;\n}"),
        edition("message Order {\n  string id = 1;\n}"),
    ),
    FindingRule(
        "import-not-found",
        "An imported file cannot be found.",
        _ERROR,
        "Whoever compiles the contract needs every file that it imports.",
        "Correct the path: it starts at an include path, not at the importing file. `-I` adds an include path.",
        orders(_WITH_CUSTOMER, imports="customers.proto").replace("acme.customers.v1.Customer", "string"),
        files(
            acme__customers__v1__customers=_CUSTOMER,
            acme__orders__v1__orders=orders(_WITH_CUSTOMER, imports=_CUSTOMERS),
        ),
    ),
    FindingRule(
        "import-repeated",
        "A file imports another one twice.",
        _ERROR,
        "Compilers refuse it.",
        "Take one of the two lines out.",
        files(
            acme__customers__v1__customers=_CUSTOMER,
            acme__orders__v1__orders=orders(_WITH_CUSTOMER, imports=f"{_CUSTOMERS} {_CUSTOMERS}"),
        ),
        files(
            acme__customers__v1__customers=_CUSTOMER,
            acme__orders__v1__orders=orders(_WITH_CUSTOMER, imports=_CUSTOMERS),
        ),
    ),
    FindingRule(
        "import-circular",
        "Files import each other in a circle.",
        _ERROR,
        "No file of the circle can be compiled first.",
        "Move what both need into a third file, or put the files together.",
        files(
            acme__orders__v1__items=orders(
                "message Item {\n  Order order = 1;\n}", imports="acme/orders/v1/orders.proto"
            ),
            acme__orders__v1__orders=orders(
                "message Order {\n  Item item = 1;\n}", imports="acme/orders/v1/items.proto"
            ),
        ),
        orders("message Order {\n  Item item = 1;\n}\n\nmessage Item {\n  Order order = 1;\n}"),
    ),
    FindingRule(
        "type-not-found",
        "A type is used that is declared neither in the file nor in what it imports.",
        _ERROR,
        "Without its type, a field or call has no meaning.",
        "Correct the name, or import the file that declares it; what an import imports does not count.",
        orders("message Order {\n  Custmer customer = 1;\n}\n\nmessage Customer {}"),
        orders("message Order {\n  Customer customer = 1;\n}\n\nmessage Customer {}"),
    ),
    FindingRule(
        "type-wrong-kind",
        "A name stands for something else than is needed here.",
        _ERROR,
        "A call takes and returns messages; a field has a message, an enum or a scalar.",
        "Name a message.",
        orders(
            "service Orders {\n  rpc GetOrder(State) returns (Order);\n}\n\nenum State {\n  STATE_UNSPECIFIED = 0;\n}\n\nmessage Order {}"
        ),
        orders(
            "service Orders {\n  rpc GetOrder(GetOrderRequest) returns (Order);\n}\n\nmessage GetOrderRequest {}\n\nmessage Order {}"
        ),
    ),
    FindingRule(
        "name-declared-twice",
        "Two things have the same full name.",
        _ERROR,
        "References would be ambiguous. The values of an enum are siblings of the enum, so two enums beside each other cannot"
        " both have a value `UNKNOWN`.",
        "Rename one of them; begin the names of an enum's values with the name of the enum.",
        orders("enum State {\n  UNSPECIFIED = 0;\n}\n\nenum Kind {\n  UNSPECIFIED = 0;\n}"),
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n}\n\nenum Kind {\n  KIND_UNSPECIFIED = 0;\n}"),
    ),
    FindingRule(
        "field-number-repeated",
        "Two fields of a message have the same number.",
        _ERROR,
        "The number is all that the bytes say about which field a value belongs to.",
        "Give the newer field a number that was never used.",
        orders("message Order {\n  string id = 1;\n  string customer = 1;\n}"),
        orders("message Order {\n  string id = 1;\n  string customer = 2;\n}"),
    ),
    FindingRule(
        "field-number-not-allowed",
        "A field has a number that none may have.",
        _ERROR,
        "Numbers go from 1 to 536,870,911; those from 19,000 to 19,999 belong to the implementations of protobuf.",
        "Choose a free number; 1 to 15 take one byte, 16 to 2,047 two.",
        orders("message Order {\n  string id = 19000;\n}"),
        orders("message Order {\n  string id = 20000;\n}"),
    ),
    FindingRule(
        "reserved-number-used",
        "A field or enum value has a number that is reserved.",
        _ERROR,
        "Somebody reserved the number because it had another meaning once: old data would be read as the new field.",
        "Choose a number that was never used.",
        orders("message Order {\n  reserved 2;\n  string id = 1;\n  string customer = 2;\n}"),
        orders("message Order {\n  reserved 2;\n  string id = 1;\n  string customer = 3;\n}"),
    ),
    FindingRule(
        "reserved-name-used",
        "A field or enum value has a name that is reserved.",
        _ERROR,
        "Somebody reserved the name because it had another meaning once: old JSON would be read as the new field.",
        "Choose a name that was never used.",
        orders('message Order {\n  reserved "state";\n  string id = 1;\n  string state = 2;\n}'),
        orders('message Order {\n  reserved "state";\n  string id = 1;\n  string progress = 2;\n}'),
    ),
    FindingRule(
        "reserved-range-invalid",
        "Reserved or extension ranges overlap, run backwards or take in a field.",
        _ERROR,
        "A number is free, reserved, a field's or left to extensions, and only one of these.",
        "Take the number out of one of the two.",
        orders("message Order {\n  reserved 2 to 5, 4;\n  string id = 1;\n}"),
        orders("message Order {\n  reserved 2 to 5;\n  string id = 1;\n}"),
    ),
    FindingRule(
        "json-name-collision",
        "Two fields of a message have the same name in JSON.",
        _ERROR,
        "Writers would emit the same key twice, and readers keep one of the values. proto2 lets it pass, as a warning here.",
        "Rename one of the fields, or give it a `json_name` of its own.",
        orders("message Order {\n  string order_id = 1;\n  string orderId = 2;\n}"),
        orders("message Order {\n  string order_id = 1;\n  string former_id = 2;\n}"),
    ),
    FindingRule(
        "enum-first-value-not-zero",
        "The first value of an enum is not zero.",
        _ERROR,
        "The first value is what a field that is absent reads as. Open enums (proto3, editions) must begin with zero, as must"
        " enums in maps; a closed one that does not can never become open, and is a warning here.",
        "Begin with a value 0 that means nothing in particular, such as `STATE_UNSPECIFIED`.",
        orders("enum State {\n  STATE_OPEN = 1;\n}"),
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_OPEN = 1;\n}"),
        references=("buf:ENUM_FIRST_VALUE_ZERO",),
    ),
    FindingRule(
        "enum-alias-mismatch",
        "An enum and its option `allow_alias` contradict each other.",
        _ERROR,
        "Two names of one number are a slip as often as a purpose, so compilers want it said.",
        "Give each value its number, or write `option allow_alias = true;`.",
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_OPEN = 1;\n  STATE_PAID = 1;\n}"),
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_OPEN = 1;\n  STATE_PAID = 2;\n}"),
    ),
    FindingRule(
        "enum-value-name-collision",
        "Two values of an enum differ in case, underscores or the enum's name alone.",
        _ERROR,
        "Many languages strip the enum's name and change the case: both become one constant. Compilers let it pass only where"
        " the enum says `deprecated_legacy_json_field_conflicts`; then it is a warning.",
        "Rename one of the values.",
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_OPEN = 1;\n  OPEN = 2;\n}"),
        orders("enum State {\n  STATE_UNSPECIFIED = 0;\n  STATE_OPEN = 1;\n  STATE_REOPENED = 2;\n}"),
    ),
    FindingRule(
        "extension-invalid",
        "An extension has a number or a form that the extended message does not allow.",
        _ERROR,
        "A message says which numbers it leaves to extensions; a number can be taken once.",
        "Take a free number from the range, or widen it where the message is declared.",
        proto2(
            "message Order {\n  extensions 100 to 199;\n}\n\nextend Order {\n  optional string note = 200;\n}"
        ),
        proto2(
            "message Order {\n  extensions 100 to 199;\n}\n\nextend Order {\n  optional string note = 100;\n}"
        ),
    ),
    FindingRule(
        "field-type-not-allowed",
        "A field has a type that cannot stand where it is.",
        _ERROR,
        "Keys of maps are integers, booleans or strings; a map cannot be a member of a oneof; messages have no defaults.",
        "Choose another type; a map in a oneof goes into a message of its own.",
        orders("message Order {\n  map<double, string> discounts = 1;\n}"),
        orders("message Order {\n  map<string, string> discounts = 1;\n}"),
    ),
    FindingRule(
        "option-invalid",
        "An option does not exist, or cannot have this value here.",
        _ERROR,
        "Options steer what is generated and served; a misspelt one steers nothing.",
        "Check its name and value, and import the file that declares it.",
        orders('option go_packge = "acme/orders/v1;orders";\n\nmessage Order {}'),
        orders('option go_package = "acme/orders/v1;orders";\n\nmessage Order {}'),
    ),
    FindingRule(
        "not-compilable",
        "The compiler refuses the file for a reason of its own.",
        _ERROR,
        "What the compiler refuses, nobody can use.",
        "Do as the message says.",
        files(acme__orders__v1__items=_LOCAL, acme__orders__v1__orders=_USING_LOCAL),
        files(
            acme__orders__v1__items=_LOCAL.replace("local ", "export "), acme__orders__v1__orders=_USING_LOCAL
        ),
    ),
    FindingRule(
        "import-unused",
        "A file imports another one and uses nothing of it.",
        _WARNING,
        "Whoever compiles the file needs the other one for nothing, and a change there rebuilds all that depends on this one.",
        "Take the import out.",
        files(
            acme__customers__v1__customers=_CUSTOMER,
            acme__orders__v1__orders=orders(_ORDER, imports=_CUSTOMERS),
        ),
        files(acme__customers__v1__customers=_CUSTOMER, acme__orders__v1__orders=orders(_ORDER)),
        references=("buf:IMPORT_USED",),
    ),
)
