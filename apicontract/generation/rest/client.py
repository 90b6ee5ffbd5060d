"""The target `rest-client`: a package with blocking and awaiting client, models, errors, runtime."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from apicontract.generation import models
from apicontract.generation.python_files import IMPORTS, formatted, with_imports
from apicontract.generation.rest.contract import plan_of
from apicontract.generation.runtime_files import runtime_files
from apicontract.generation.schemas import ModelOptions
from apicontract.generation.tree import Part, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.generation.rendering import Templates
    from apicontract.generation.rest.plan import GroupPlan, OperationPlan, RestPlan
    from apicontract.generation.targets import Job

LEFT_OUT = ("server", "grpc")  # parts of the runtime that a client has no use for
_STANDARD = {
    "Any": "typing", "Literal": "typing", "Self": "typing", "Unpack": "typing", "TYPE_CHECKING": "typing",
    "UUID": "uuid", "Decimal": "decimal",
    "datetime": "datetime", "date": "datetime", "timedelta": "datetime", "cache": "functools",
    "cached_property": "functools", "httpx": "", "builtins": "",
    "Mapping": "collections.abc", "Sequence": "collections.abc", "Callable": "collections.abc",
    "Iterator": "collections.abc", "AsyncIterator": "collections.abc",
}  # fmt: skip
_RUNTIME = {
    "client.operations": ("Operation", "Parameter", "Body", "Answer"),
    "client.engine": ("Engine", "AsyncEngine", "Setup", "CallOptions"),
    "client.requests": ("Payload",),
    "client": ("following",),
    "values": ("Base64Bytes", "Duration", "JsonDecimal"),
    "policy": ("Policy", "Retry", "Breaker", "Bulkhead", "Fallback"),
    "calls": ("Dependency", "Event"),
    "discovery": ("Discovery",),
    "http.auth": ("ApiKey", "Auth", "Basic", "Bearer", "Secret"),
    "http.bodies": ("Encoding", "Upload"),
    "http.errors": ("StatusError",),
    "http.messages": ("AsyncStreamedResponse", "StreamedResponse"),
    "http.streams": ("ServerEvent",),
    "http.transport": ("AsyncHttpxTransport", "AsyncTransport", "HttpxTransport", "Transport"),
}


_TYPES = frozenset({"list", "dict", "str", "int", "float", "bool", "bytes", "tuple", "set", "type", "object"})


def build(
    contract: OpenApi, major: str, templates: Templates, job: Job, say: Callable[[str], None]
) -> tuple[Tree, tuple[int, int]]:
    """The tree for a contract, and how many operations and models it has."""
    plan = plan_of(contract, ModelOptions(), major)
    say(f"writing {len(plan.schemas)} models and {len(plan.operations)} operations")
    return tree(plan, templates, job), (len(plan.operations), len(plan.schemas))


def tree(plan: RestPlan, templates: Templates, job: Job) -> Tree:
    """The tree of the package; everything in it is ready to be written."""
    top = f"{job.package}/{plan.major}"
    values: dict[str, object] = {
        "plan": plan,
        "header": job.header,
        "shared_header": job.shared_header,
        "imports": IMPORTS,
        "package": job.package,
        "distribution": job.package.replace("_", "-"),
        "text_of": text_of,
        "untagged": [op for group in plan.groups if not group.attribute for op in group.operations],
        "constructor_text": _constructor_text(plan),
        "exported": [error.class_name for error in plan.errors],
    }
    made = models.modules(plan.schemas, plan.declared, "..._runtime", open_enums=True)
    values |= {
        "modules": made,
        "where": sorted((name, module.name) for module in made for name in module.defines),
    }
    files: dict[str, str] = {}

    def add(path: str, template: str, more: Mapping[str, object] | None = None, dots: str = "") -> None:
        text = templates.render(f"rest/client/{template}.j2", {**values, **(more or {})})
        files[path] = with_imports(text, _sources(dots), f"{template}.j2") if dots else text

    add(f"{top}/__init__.py", "init.py")
    add(f"{top}/client.py", "client.py", dots="..")
    add(f"{top}/errors.py", "errors.py", dots="..")
    add(f"{top}/models/__init__.py", "models.py")
    add(f"{top}/operations/__init__.py", "operations.py")
    for group in plan.groups:
        if group.attribute:
            add(f"{top}/operations/{group.attribute}.py", "group.py", {"group": _clear(group)}, dots="...")
    for module in made:
        files[f"{top}/models/{module.name}.py"] = f"{job.header}\n{module.text}"
    add(f"{job.package}/__init__.py", "package.py")
    add("pyproject.toml", "pyproject.toml")
    yours = {"pyproject.toml": files.pop("pyproject.toml").encode()}
    copied = runtime_files(f"{job.package}/_runtime", job.shared_header, leave_out=LEFT_OUT)
    ready = formatted({**files, **copied})
    shared = {path: ready.pop(path) for path in (*copied, f"{job.package}/__init__.py")}
    shared[f"{job.package}/py.typed"] = b""
    parts = {plan.major: Part(job.digest, ready), "shared": Part(job.shared_digest, shared)}
    return Tree(job.package, parts, yours)


def _clear(group: GroupPlan) -> GroupPlan:
    """The group with types that its methods do not hide: a method `list` would be taken for the type."""
    hidden = {operation.python for operation in group.operations} & _TYPES
    if not hidden:
        return group
    words = re.compile(rf"(?<![\w.])({'|'.join(sorted(hidden))})(?=[\[\s|,\]]|$)")

    def told(text: str) -> str:
        return words.sub(r"builtins.\1", text)

    return replace(
        group,
        operations=tuple(
            replace(
                operation,
                result=told(operation.result),
                parameters=tuple(
                    replace(one, annotation=told(one.annotation)) for one in operation.parameters
                ),
                body=operation.body and replace(operation.body, annotation=told(operation.body.annotation)),
                streams={kind: told(text) for kind, text in operation.streams.items()},
            )
            for operation in group.operations
        ),
    )


def text_of(operation: OperationPlan) -> str:
    """What a method's docstring says: what the operation does, its arguments, and when it ends."""
    said = [operation.summary or operation.description or f"{operation.method} {operation.path}"]
    if operation.summary and operation.description and operation.description != operation.summary:
        said.append(operation.description)
    told = [
        f"{one.python}: {' '.join(one.description.split())}"
        for one in operation.parameters
        if one.description
    ]
    if told:
        said.append("\n".join(told))
    if operation.deprecated:
        said.append(f"Deprecated{f', and gone after {operation.sunset}' if operation.sunset else ''}.")
    return "\n\n".join(said)


def _sources(dots: str) -> dict[str, str]:
    """Where generated modules that are so deep import names from."""
    found = dict(_STANDARD)
    for module, names in _RUNTIME.items():
        found |= dict.fromkeys(names, f"{dots}_runtime.{module}")
    return found | dict.fromkeys(("models", "errors"), dots[:-1])


def _constructor_text(plan: RestPlan) -> str:
    lines = [
        "A client; it may be shared by threads or tasks.",
        "",
        "base_url: where the server is, unless `discovery` says so call by call.",
    ]
    for scheme in plan.schemes:
        said = " ".join(scheme.description.split())
        kind = "(user, password)" if scheme.kind == "basic" else "a text, or a function that gives one"
        lines.append(f"{scheme.python}: {kind}{f': {said}' if said else ''}")
    lines += [
        "policy: one for all calls, or a function that changes what the contract declares for an operation.",
        "transport: your own `httpx` client, or anything that sends requests.",
        "headers: sent with every request.",
        "listeners: told of failed attempts, retries, circuits, rejections, fallbacks.",
    ]
    return "\n".join(lines)
