"""Checks on operations: ids, bodies, responses and their statuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apicontract.findings import Finding
    from apicontract.formats.openapi.validate.view import View
    from apicontract.formats.openapi.walk import Node

_WITHOUT_BODY = {"get", "head", "delete", "trace"}
_NUMBER = re.compile(r"[0-9]{3}")
_STATUSES = range(100, 600)  # RFC 9110, section 15


def unique_ids(_: Node, view: View) -> Iterator[Finding]:
    """OperationIds over the whole description, callbacks and webhooks among it."""
    first: dict[str, Node] = {}
    for node in view.nodes("operation"):
        given = node.fields.get("operationId")
        if not isinstance(given, str):
            continue
        other = first.setdefault(given, node)
        if other is not node:
            yield view.finding(
                "operation-id-duplicate",
                node,
                "operationId",
                message=f"the operationId `{given}` is also that of {named(other)}",
            )


def named(node: Node) -> str:
    """An operation as people say it: `GET /orders`."""
    item = node.parent
    path = item.key if item is not None else ""
    return f"{node.key.upper()} {path or f'in {node.document.name}'}"


def body_has_meaning(node: Node, view: View) -> Iterator[Finding]:
    """A body where HTTP gives it no meaning."""
    method = node.key.lower()
    if method not in _WITHOUT_BODY:
        return
    message = f"a request body has no defined meaning in {method.upper()}"
    if "requestBody" in node.fields:
        yield view.finding("request-body-without-meaning", node, "requestBody", message=message)
    for each in node.all("parameters"):
        if each.followed().fields.get("in") in ("body", "formData"):
            yield view.finding("request-body-without-meaning", each, message=message)
            return


def has_response(node: Node, view: View) -> Iterator[Finding]:
    """At least one response, where the meta-schema lets none pass (only extensions among them)."""
    held = node.fields.get("responses")
    if isinstance(held, dict) and held and all(key.startswith("x-") for key in held) and view.series == "3.0":
        yield view.finding("response-missing", node, "responses", message="no response is declared")


def status_codes(node: Node, view: View) -> Iterator[Finding]:
    """Codes that look like statuses and are none (Swagger 2.0 lets every three digits pass)."""
    if view.series != "2.0":
        return
    for key in node.fields:
        if _NUMBER.fullmatch(key) and int(key) not in _STATUSES:
            yield view.finding(
                "status-code-invalid", node, key, message=f"`{key}` is no status code: they are 100 to 599"
            )
