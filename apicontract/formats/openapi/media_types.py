"""Media types and response status codes: normal forms, and what covers what.

Source: RFC 9110 sections 5.6.6, 8.3.1 and 15; RFC 8259 section 11 (JSON has no charset parameter);
OAS 3.1.0 sections 4.8.14 and 4.8.16 (ranges, `default`, the most specific key wins).
"""

from __future__ import annotations

ANY = "*/*"
UNSPECIFIED = ""  # Swagger 2.0 without `consumes` or `produces`


def normal(name: str) -> str:
    """Lower case, parameters sorted, and a charset of JSON left out, which says nothing."""
    text = name.strip()
    if ";" not in text:
        return text.lower()
    from email.message import Message

    message = Message()
    message["content-type"] = text
    base = text.split(";", 1)[0].strip().lower()
    said = sorted(
        (key.lower(), value.lower() if key.lower() == "charset" else value)
        for key, value in (message.get_params() or [])[1:]
        if not (key.lower() == "charset" and is_json(base))
    )
    return ";".join([base, *(f"{key}={value}" for key, value in said)])


def is_json(name: str) -> bool:
    """Whether the type's payload is JSON (`application/json`, `text/json`, `…+json`)."""
    base = name.split(";", 1)[0].strip().lower()
    return base in ("application/json", "text/json") or base.endswith("+json")


def is_xml(name: str) -> bool:
    """Whether the type's payload is XML (RFC 7303)."""
    base = name.split(";", 1)[0].strip().lower()
    return base in ("application/xml", "text/xml") or base.endswith("+xml")


def is_form(name: str) -> bool:
    """Whether properties of the schema are parts or fields of a form."""
    return name.startswith(("multipart/", "application/x-www-form-urlencoded"))


def covers(pattern: str, name: str) -> bool:
    """Whether the normal media type or range `pattern` takes in `name` (`application/*`, `*/*`)."""
    if pattern in (name, ANY, UNSPECIFIED):
        return True
    if pattern.endswith("/*"):
        return name.startswith(pattern[:-1])
    return ";" in name and ";" not in pattern and name.split(";", 1)[0] == pattern


def closest(patterns: dict[str, object] | list[str], name: str) -> str | None:
    """The most specific of `patterns` that covers `name`: itself, its base type, `type/*`, `*/*`."""
    candidates = [pattern for pattern in patterns if covers(pattern, name)]
    return max(
        candidates,
        key=lambda pattern: (pattern == name, "*" not in pattern, pattern not in (ANY, UNSPECIFIED)),
        default=None,
    )


def status_covers(pattern: str, status: str) -> bool:
    """Whether the response key `pattern` takes in the key `status`; `default` takes in everything."""
    one, two = pattern.upper(), status.upper()
    if one in ("DEFAULT", two):
        return True
    return one.endswith("XX") and len(two) == len("200") and one[0] == two[0]


def closest_status(patterns: dict[str, object] | list[str], status: str) -> str | None:
    """The response key that answers for `status`: itself, its range, then `default`."""
    candidates = [pattern for pattern in patterns if status_covers(pattern, status)]
    rank = {True: 2, False: 1}
    return max(
        candidates,
        key=lambda pattern: 0 if pattern == "default" else rank[pattern.upper() == status.upper()],
        default=None,
    )


def is_success(status: str) -> bool:
    """Whether the key is a 2xx code or range."""
    return status.upper().startswith("2")
