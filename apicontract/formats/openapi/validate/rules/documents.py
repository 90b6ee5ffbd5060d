"""Small documents for the examples of rules: what is not the point of an example is written here once."""

from __future__ import annotations

from textwrap import dedent

_RESPONSES = 'responses: {"204": {description: Done}}'


def described(body: str, version: str = "3.0.3") -> str:
    """A whole description of that version of OpenAPI around `body`."""
    field = "swagger" if version == "2.0" else "openapi"
    return (
        f'{field}: "{version}"\ninfo: {{title: Orders, version: 1.0.0}}\n' + dedent(body).strip("\n") + "\n"
    )


def operated(body: str, version: str = "3.0.3", *, path: str = "/orders", method: str = "post") -> str:
    """A description with one operation that holds `body`, and a response unless `body` has its own."""
    inside = dedent(body).strip("\n").splitlines()
    if not any(line.startswith("responses:") for line in inside):
        inside.append(_RESPONSES)
    indented = "\n".join(f"      {line}" for line in inside)
    return described(f"paths:\n  {path}:\n    {method}:\n{indented}", version)


def schemed(body: str, version: str = "3.0.3") -> str:
    """A description whose component schemas are `body`."""
    inside = "\n".join(f"    {line}" for line in dedent(body).strip("\n").splitlines())
    return described(f"paths: {{}}\ncomponents:\n  schemas:\n{inside}", version)
