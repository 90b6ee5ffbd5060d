"""The target `rest-client`: a package with blocking and awaiting client, models, errors, runtime."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from apicontract.generation import models
from apicontract.generation.python_files import IMPORTS, formatted, with_imports
from apicontract.generation.rest.contract import plan_of
from apicontract.generation.runtime_files import runtime_files
from apicontract.generation.schemas import ModelOptions
from apicontract.generation.tree import Part, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.generation.rendering import Templates
    from apicontract.generation.rest.plan import GroupPlan, OperationPlan, ParameterPlan, RestPlan
    from apicontract.generation.targets import Job, Progress

LEFT_OUT = ("server", "grpc")  # parts of the runtime that a client has no use for
_STANDARD = {
    "Any": "typing", "Literal": "typing", "Self": "typing", "Unpack": "typing", "TYPE_CHECKING": "typing",
    "UUID": "uuid", "Decimal": "decimal",
    "datetime": "datetime", "date": "datetime", "timedelta": "datetime", "cache": "functools",
    "cached_property": "functools", "httpx": "", "builtins": "", "typing_extensions": "",
    "dataclass": "dataclasses", "ClassVar": "typing", "TypeVar": "typing", "Awaitable": "collections.abc",
    "Mapping": "collections.abc", "Sequence": "collections.abc", "Callable": "collections.abc",
    "Iterator": "collections.abc", "AsyncIterator": "collections.abc",
}  # fmt: skip
_RUNTIME = {
    "client.operations": ("Operation", "Parameter", "Body", "Answer"),
    "client.engine": ("Engine", "AsyncEngine"),
    "client.setup": ("Setup", "CallOptions"),
    "client.linking": ("Exchange", "LinkTo"),
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


_FOLLOW = """What a resource's link of a relation leads to, read as the result of a method of this client.

resource: a model, a JSON value, an answer as `on_response` has it, or a result with links.
relation: `next`, `payment`, `https://…`; in `_links`, `links`, `actions` and the like, or a Link header.
to: the method whose request and result it is, such as `client.orders.get_order`.
variables: of a link that is a URI template.

LookupError if there is no such link; ValueError if it leads away from the server."""
_TYPES = frozenset({"list", "dict", "str", "int", "float", "bool", "bytes", "tuple", "set", "type", "object"})


def build(
    contract: OpenApi, major: str, templates: Templates, job: Job, say: Progress
) -> tuple[Tree, tuple[int, int, tuple[str, ...]]]:
    """The tree for a contract; how many operations and models it has, and what is left out."""
    plan = plan_of(contract, ModelOptions(), major, reading(say))
    return tree(plan, templates, job, say), (len(plan.operations), len(plan.schemas), plan.notes)


def reading(say: Progress) -> Callable[[int, int], None]:
    """What tells of operations that are read, which is the first part of the work."""
    return lambda done, whole: say(f"reading operations: {done} of {whole}", 0.02 + 0.13 * done / whole)


def tree(plan: RestPlan, templates: Templates, job: Job, say: Progress) -> Tree:
    """The tree of the package; everything in it is ready to be written."""
    top = f"{job.package}/{plan.major}"
    values: dict[str, object] = {
        "plan": plan,
        "header": job.header,
        "shared_header": job.shared_header,
        "imports": IMPORTS,
        "package": job.package,
        "distribution": job.package.replace("_", "-"),
        "text_of": partial(text_of, choices=True),
        "deprecation": deprecation,
        "untagged": [op for group in plan.groups if not group.attribute for op in group.operations],
        "constructor_text": _constructor_text(plan),
        "follow_text": _FOLLOW,
        "exported": [error.class_name for error in plan.errors],
    }
    say(f"making {len(plan.schemas)} models", 0.15)
    made = models.modules(plan.schemas, plan.declared, "..._runtime", open_enums=True)
    values |= {
        "modules": made,
        "where": sorted((name, module.name) for module in made for name in module.defines),
    }
    say(f"making {len(plan.operations)} operations", 0.7)
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
    say(f"formatting {len(files) + len(copied)} files", 0.82)
    ready = formatted({**files, **copied})
    shared = {path: ready.pop(path) for path in (*copied, f"{job.package}/__init__.py")}
    shared[f"{job.package}/py.typed"] = b""
    parts = {plan.major: Part(job.digest, ready), "shared": Part(job.shared_digest, shared)}
    return Tree(job.package, parts, yours)


def _clear(group: GroupPlan) -> GroupPlan:
    """The group with types that its methods do not hide: a method `list` would be taken for the type."""
    hidden = {name for one in group.operations for name in (one.python, *one.variants.values())}
    return replace(group, operations=tuple(_linked(_told(one, hidden & _TYPES)) for one in group.operations))


def _linked(operation: OperationPlan) -> OperationPlan:
    """The operation with types that the methods of its class of links do not hide."""
    if operation.linked is None:
        return operation
    hidden = {link.python for link in operation.linked.links} & _TYPES
    links = tuple(replace(link, call=_told(link.call, hidden)) for link in operation.linked.links)
    return replace(
        operation,
        linked=replace(operation.linked, links=links, result=_told(operation, hidden).result),
    )


def _told(operation: OperationPlan, hidden: Collection[str]) -> OperationPlan:
    """The operation with `builtins.` before the types whose names are hidden where it is written."""
    if not hidden:
        return operation
    words = re.compile(rf"(?<![\w.])({'|'.join(sorted(hidden))})(?=[\[\s|,\]]|$)")

    def told(text: str) -> str:
        return words.sub(r"builtins.\1", text)

    return replace(
        operation,
        result=told(operation.result),
        parameters=tuple(
            replace(
                one,
                annotation=told(one.annotation),
                selection=one.selection and replace(one.selection, annotation=told(one.selection.annotation)),
            )
            for one in operation.parameters
        ),
        body=operation.body and replace(operation.body, annotation=told(operation.body.annotation)),
        streams={kind: told(text) for kind, text in operation.streams.items()},
    )


def text_of(operation: OperationPlan, *, choices: bool = False) -> str:
    """What a method's docstring says: what the operation does, its arguments, and when it ends.

    choices: say what parameters take that choose parts of an answer.
    """
    said = [operation.summary or operation.description or f"{operation.method} {operation.path}"]
    if operation.summary and operation.description and operation.description != operation.summary:
        said.append(operation.description)
    told = [
        f"{one.python}: {' '.join(text.split())}"
        for one in operation.parameters
        if (text := f"{one.description} {_choice(one) if choices else ''}").strip()
    ]
    if told:
        said.append("\n".join(told))
    if operation.deprecated:
        said.append(f"Deprecated{_until(operation)}.")
    return "\n\n".join(said)


def deprecation(operation: OperationPlan) -> str:
    """What whoever calls an operation that is deprecated is warned of."""
    return f"{operation.python} is deprecated{_until(operation)}"


def _until(operation: OperationPlan) -> str:
    return f", and gone after {operation.sunset}" if operation.sunset else ""


def _choice(parameter: ParameterPlan) -> str:
    """What a parameter that chooses parts of an answer takes."""
    if parameter.selection is None:
        return ""
    listed = ", ".join(f"`{value}`" for value in parameter.selection.values)
    many = "One" if parameter.selection.kind == "one" else "One or several"
    return f"{many} of {listed}." if listed else f"{many}: a list, or a text."


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
