"""Ratings of whole contracts: the clinic at four levels, other styles, and what cannot be rated."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

import apicontract

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def rated(tmp_path):
    """The rating of a contract given by its paths in YAML; further files may lie beside it."""

    def run(paths, more="", **said):
        text = f'openapi: 3.1.1\ninfo: {{title: T, version: "1"}}\npaths:\n{textwrap.indent(textwrap.dedent(paths), "  ")}\n{more}'
        (tmp_path / "api.yaml").write_text(text, encoding="utf-8")
        [rating] = apicontract.maturity(str(tmp_path / "api.yaml"), folder=str(tmp_path), **said)
        return rating

    return run


def _rating(name):
    [rating] = apicontract.maturity(str(EXAMPLES / name))
    return rating


def _blocking(rating):
    return {
        (operation.title, one.rule)
        for operation in rating.operations
        for one in operation.evidence
        if one.weight == "against"
    }


def test_the_clinic_at_level_0():
    rating = _rating("clinic/level-0.yaml")
    assert (rating.level, rating.strict_level, rating.histogram) == (0, 0, (1, 0, 0, 0))
    assert {rule for _, rule in _blocking(rating)} == {
        "path-names-nothing", "request-is-tunnel", "client-errors-nowhere", "success-hides-failure", "answer-without-links",
    }  # fmt: skip
    [tunnel] = [one for one in rating.operations[0].evidence if one.rule == "request-is-tunnel"]
    assert (tunnel.criterion, tunnel.blocks, tunnel.place.line) == ("R3", 1, 23)
    assert [step.rule for step in rating.next.steps] == ["path-names-nothing", "request-is-tunnel"]
    assert (rating.next.level, rating.next.operations) == (1, 1)


def test_the_clinic_at_level_1():
    rating = _rating("clinic/level-1.yaml")
    assert (rating.level, rating.strict_level, rating.histogram) == (1, 1, (0, 3, 0, 0))
    below_2 = {pair for pair in _blocking(rating) if pair[1] in {"action-in-body", "read-by-post"}}
    assert below_2 == {
        ("POST /doctors/{doctorId}/slots", "read-by-post"),
        ("POST /slots/{slotId}", "action-in-body"),
        ("POST /appointments/{appointmentId}", "action-in-body"),
    }
    assert (rating.next.level, rating.next.operations) == (2, 3)
    assert {step.rule: len(step.operations) for step in rating.next.steps} == {
        "client-errors-nowhere": 3, "success-hides-failure": 3, "action-in-body": 2, "read-by-post": 1,
    }  # fmt: skip


def test_the_clinic_at_level_2():
    rating = _rating("clinic/level-2.yaml")
    assert (rating.level, rating.strict_level, rating.histogram) == (2, 2, (0, 0, 7, 0))
    assert {rule for _, rule in _blocking(rating)} == {"answer-without-links"}
    assert "DELETE /appointments/{appointmentId}" not in {title for title, _ in _blocking(rating)}
    assert [(step.rule, len(step.operations)) for step in rating.next.steps] == [("answer-without-links", 6)]
    [custom] = [one for one in rating.operations if one.path.endswith(":confirm")]
    assert [one.message for one in custom.evidence if one.criterion == "R2"] == [
        "`:confirm` is a custom method of what stands before it"
    ]


def test_the_clinic_at_level_3():
    rating = _rating("clinic/level-3.yaml")
    assert (rating.level, rating.strict_level, rating.histogram) == (3, 3, (0, 0, 1, 6))
    assert not rating.navigation_only
    assert rating.next is None
    assert _blocking(rating) == set()
    [one] = [one for one in rating.operations if one.title == "GET /appointments/{appointmentId}"]
    links = [each for each in one.evidence if each.criterion == "H2"]
    assert [each.message for each in links] == [
        "serves links to `cancel`, `confirm`, `reschedule` in `_links`"
    ]
    assert links[0].place.value["properties"].keys() == {"self", "reschedule", "confirm", "cancel"}
    assert [(each.title, each.reason) for each in rating.operations if each.level is None] == [
        ("GET /", "the entry point")
    ]


@pytest.mark.parametrize(
    ("name", "level", "navigation"),
    [("hal", 3, False), ("json-api", 3, True), ("soap-tunnel", 0, False), ("aip", 2, False)],
)
def test_other_styles(name, level, navigation):
    rating = _rating(f"maturity/{name}.yaml")
    assert (rating.level, rating.navigation_only) == (level, navigation)


def test_grpc_is_rated_by_its_routes():
    rating = _rating("protos-v1")
    assert (rating.level, rating.format, rating.histogram) == (2, "proto", (0, 0, 4, 0))
    [watch] = [one for one in rating.operations if one.level is None]
    assert watch.title == "/acme.orders.v1.OrdersService/WatchOrder"
    assert watch.reason.endswith("RPC by design, not rated")
    assert (
        any(one.title == "POST /v1/{name=orders/*}:cancel" for one in rating.operations) or rating.rated == 4
    )


_PROTO = """
syntax = "proto3";
package acme.desk.v1;
import "google/api/annotations.proto";
message Thing { string name = 1; }
service Desk {
  rpc ListThings(Thing) returns (Thing) %s
  rpc DeleteThing(Thing) returns (Thing) %s
}
"""


def _proto(tmp_path, *routes):
    options = [f"{{ option (google.api.http) = {{ {route} }}; }}" if route else ";" for route in routes]
    text = _PROTO % tuple(options)
    if not any(routes):
        text = text.replace('import "google/api/annotations.proto";\n', "")
    (tmp_path / "desk.proto").write_text(text, encoding="utf-8")
    [rating] = apicontract.maturity(str(tmp_path / "desk.proto"), folder=str(tmp_path))
    return rating


def test_grpc_without_routes_is_rpc_by_design(tmp_path):
    rating = _proto(tmp_path, "", "")
    assert (rating.level, rating.strict_level, rating.rated) == (None, None, 0)
    assert rating.reason == "gRPC without `google.api.http`: RPC by design, not rated"


def test_routes_of_grpc_can_be_actions(tmp_path):
    rating = _proto(tmp_path, 'post: "/v1/listThings" body: "*"', 'get: "/v1/things/{name}"')
    assert _blocking(rating) >= {
        ("POST /v1/listThings", "path-segment-is-verb"),
        ("POST /v1/listThings", "read-by-post"),
        ("GET /v1/things/{name}", "change-by-post"),
    }
    good = _proto(tmp_path, 'get: "/v1/things"', 'delete: "/v1/{name=things/*}"')
    assert {rule for _, rule in _blocking(good)} == {"answer-without-links"}


def test_graphql_is_rpc_by_design(rated):
    rating = rated("/graphql: {post: {responses: {'200': {description: It}}}}")
    assert (rating.level, rating.reason) == (None, "GraphQL over HTTP: RPC by design, not rated")
    spoken = rated(
        """
        /query:
          post:
            requestBody: {content: {application/json: {schema: {type: object, properties: {query: {type: string}, variables: {type: object}}}}}}
            responses: {'200': {description: It}}
        """
    )
    assert (spoken.level, spoken.rated) == (None, 0)


_ITEM = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"


def test_one_operation_does_not_tell(rated):
    rating = rated("/orders: {get: {responses: {'200': {description: It}}}}")
    assert (rating.level, rating.name) == (None, "undetermined")
    assert rating.reason == "one operation does not tell how an API is made"


def test_health_and_metrics_are_not_rated(rated):
    rating = rated(
        "/healthz: {get: {responses: {'200': {description: It}}}}\n/metrics: {get: {responses: {'200': {description: It}}}}"
    )
    assert (rating.level, rating.rated, rating.reason) == (None, 0, "there is no operation to rate")


def _many(
    good, bad="/createOrder: {post: {responses: {'204': {description: It}, '400': {description: No}}}}"
):
    listed = [
        f"/things{at}/{{id}}: {{{_ITEM}, delete: {{responses: {{'204': {{description: It}}, '404': {{description: No}}}}}}}}"
        for at in range(good)
    ]
    return "\n".join([*listed, bad])


def test_nine_of_ten_operations_give_the_level(rated):
    assert rated(_many(9)).level == 2
    assert rated(_many(9)).strict_level == 0
    assert rated(_many(8)).level == 0
    assert rated(_many(8), share=80).level == 2
    [step] = rated(_many(8)).next.steps
    assert (step.rule, step.operations) == ("path-segment-is-verb", ("POST /createOrder",))


def test_no_level_while_a_tunnel_is_left(rated):
    tunnel = """/desk:
      post:
        requestBody: {content: {application/json: {schema: {type: object, properties: {action: {type: string, enum: [bookSlot, listDoctors]}}}}}}
        responses: {'200': {description: It}, '400': {description: No}}"""
    rating = rated(_many(40, textwrap.dedent(tunnel).replace("\n    ", "\n")))
    assert (rating.level, rating.histogram[0]) == (0, 1)
    assert [step.rule for step in rating.next.steps] == ["request-is-tunnel"]


@pytest.mark.parametrize(
    ("name", "values", "level"),
    [("wish", "approve, cancel", 1), ("wish", "cancelSlot, getDoctor", 0), ("kind", "open, shut", 2), ("merge", "import, copy", 2)],
)  # fmt: skip
def test_a_list_of_verbs_picks_what_happens_whatever_it_is_called(rated, name, values, level):
    schema = f"{{type: object, properties: {{{name}: {{type: string, enum: [{values}]}}}}}}"
    sent = f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"
    rating = rated(
        f"/orders/{{id}}: {{{_ITEM}, post: {{{sent}, responses: {{'200': {{description: It}}, '400': {{description: No}}}}}}}}\n"
        + _many(1)
    )
    assert rating.operations[0].level == level


def test_an_undescribed_answer_is_unknown_and_no_failure(rated):
    rating = rated(
        f"/orders/{{id}}: {{{_ITEM}, get: {{responses: {{'200': {{description: It}}, '404': {{description: No}}}}}}}}\n"
        + _many(1)
    )
    first = rating.operations[0]
    assert (first.level, first.answers, _blocking(rating)) == (
        2, "unknown", {("POST /createOrder", "path-segment-is-verb")},
    )  # fmt: skip
    assert first.reason.endswith("is unknown")


def test_what_is_waived_does_not_count(rated):
    paths = (
        "/orders: {post: {%soperationId: listOrders, responses: {'200': {description: It}, '400': {description: No}}}}\n"
        + _many(1)
    )
    assert ("POST /orders", "read-by-post") in _blocking(rated(paths % ""))
    note = "x-apicontract-ignore: {rule: read-by-post, reason: The criteria are too long for a URL.}, "
    rating = rated(paths % note)
    assert ("POST /orders", "read-by-post") not in _blocking(rating)
    assert [one.weight for one in rating.operations[0].evidence if one.rule == "read-by-post"] == ["waived"]
    assert rating.operations[0].level == 2


def test_configuration(rated, tmp_path):
    file = tmp_path / "apicontract.toml"
    file.write_text('schema = 1\n[rules]\n"path-segment-is-verb" = "off"\n', encoding="utf-8")
    assert rated(_many(1)).strict_level == 2
    file.write_text('schema = 1\n[lint.words]\nverbs = ["erase"]\n', encoding="utf-8")
    assert rated(_many(1)).strict_level == 2
    file.write_text("schema = 1\n[maturity]\nshare = 50\n", encoding="utf-8")
    assert (rated(_many(1)).level, rated(_many(1)).share) == (2, 50)
    file.write_text('schema = 1\n[maturity]\nexclude = ["api.*"]\n', encoding="utf-8")
    assert apicontract.maturity(str(tmp_path / "api.yaml"), folder=str(tmp_path)) == ()
    file.write_text("schema = 1\n[maturity]\nshare = 101\n", encoding="utf-8")
    with pytest.raises(apicontract.ContractError, match="share"):
        rated(_many(1))


_LINK = "{type: object, properties: {href: {type: string}, rel: {type: string%s}}}"


def _answering(schema, media="application/json", headers=""):
    answer = f"{{description: It, {headers}content: {{{media}: {{schema: {schema}}}}}}}"
    return "\n".join(
        f"/{name}/{{id}}: {{{_ITEM}, get: {{responses: {{'200': {answer}, '404': {{description: No}}}}}}}}"
        for name in "ab"
    )


@pytest.mark.parametrize(
    ("schema", "media", "answers"),
    [
        ("{type: object, properties: {links: {type: array, items: %s}}}" % (_LINK % ", enum: [self, cancel]"), "application/json", "actions"),
        ("{type: object, properties: {links: {type: array, items: %s}}}" % (_LINK % ", enum: [self, next]"), "application/json", "navigation"),
        ("{type: object, properties: {links: {type: array, items: %s}}}" % (_LINK % ""), "application/json", "navigation"),
        ("{type: object, properties: {actions: {type: array, items: {type: object, properties: {name: {type: string}, href: {type: string}}}}}}", "application/vnd.siren+json", "actions"),
        ("{type: object, properties: {actions: {type: array, items: {type: string}}}}", "application/json", "none"),
        ("{type: object, properties: {operations: {type: array, items: {type: object, properties: {name: {type: string}}}}}}", "application/json", "none"),
        ("{type: object, properties: {data: {type: object, properties: {relationships: {type: object, properties: {author: {type: object, properties: {links: {type: object}}}}}}}}}", "application/vnd.api+json", "actions"),
        ("{type: object, properties: {_links: {type: object, additionalProperties: {type: object, properties: {href: {type: string}}}}}}", "application/hal+json", "navigation"),
        ("{type: object, properties: {name: {type: string}}}", "application/hal+json", "none"),
        ("{type: string, format: binary}", "image/png", "empty"),
        ("{allOf: [{type: object, properties: {_links: {type: object, properties: {cancel: {type: object, properties: {href: {type: string}}}}}}}]}", "application/json", "actions"),
    ],
)  # fmt: skip
def test_links_that_answers_show(rated, schema, media, answers):
    assert {one.answers.value for one in rated(_answering(schema, media)).operations} == {answers}


def test_a_link_header_tells_its_relations(rated):
    plain = "{type: object, properties: {name: {type: string}}}"
    said = 'headers: {Link: {schema: {type: string}, description: \'rel="next" and rel="cancel"\'}}, '
    rating = rated(_answering(plain, headers=said))
    assert (rating.level, rating.navigation_only) == (3, False)
    paged = rated(_answering(plain, headers=said.replace("cancel", "last")))
    assert (paged.level, paged.navigation_only, paged.name) == (3, True, "3 (navigation only)")
    assert re.search("navigation only", paged.name)


def test_the_function_stays_a_function_when_the_package_is_imported():
    import apicontract.maturity as package

    assert package.rate
    assert apicontract.maturity(str(EXAMPLES / "clinic/level-2.yaml"))[0].level == 2


def test_what_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "broken.yaml").write_text("openapi: 3.0.3\n a: [", encoding="utf-8")
    with pytest.raises(apicontract.ContractError):
        apicontract.maturity(str(tmp_path / "broken.yaml"))
    errors = []
    good = str(EXAMPLES / "clinic/level-2.yaml")
    ratings = apicontract.maturity(str(tmp_path / "broken.yaml"), good, on_error=errors.append)
    assert (len(ratings), len(errors)) == (1, 1)
