"""The target `rest-server`: a router per major, abstract handlers, and once a project around them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from apicontract.formats.openapi.reading import Reader
from apicontract.formats.openapi.swagger import SwaggerReader
from apicontract.generation import models, names
from apicontract.generation.python_files import IMPORTS, formatted, with_imports
from apicontract.generation.rest.client import reading, text_of
from apicontract.generation.rest.contract import plan_of
from apicontract.generation.rest.exact import exact
from apicontract.generation.runtime_files import runtime_files
from apicontract.generation.schemas import ModelOptions
from apicontract.generation.tree import Part, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.openapi.load import OpenApi
    from apicontract.generation.rendering import Templates
    from apicontract.generation.rest.plan import (
        AnswerPlan,
        BodyPlan,
        MediaPlan,
        OperationPlan,
        ParameterPlan,
        RestPlan,
    )
    from apicontract.generation.targets import Job, Progress

LEFT_OUT = ("client", "grpc")  # parts of the runtime that a server has no use for
_STANDARD = {
    "Any": "typing", "Literal": "typing", "UUID": "uuid", "Decimal": "decimal", "datetime": "datetime",
    "date": "datetime", "timedelta": "datetime", "AsyncIterator": "collections.abc", "PathLike": "os",
    "APIRouter": "fastapi", "builtins": "",
}  # fmt: skip
_RUNTIME = {
    "server.operations": ("Operation", "Parameter", "Body", "Answer", "Scheme", "Typed"),
    "server.serving": ("Handler", "Serving", "routed"),
    "server.checking": ("Checks",),
    "server.context": ("Context", "Reply", "Incoming"),
    "server.problems": ("Failure",),
    "values": ("Base64Bytes", "Duration", "JsonDecimal"),
    "policy": ("Policy", "Retry", "Breaker", "Bulkhead", "Fallback"),
    "http.bodies": ("Encoding",),
    "http.streams": ("ServerEvent",),
}
_STREAMED = {"events": "AsyncIterator[ServerEvent]", "text": "str", "none": "None"}
_BYTES = "bytes | AsyncIterator[bytes] | PathLike[str]"
_TYPES = frozenset(
    {"bool", "bytes", "dict", "float", "int", "list", "str"}
)  # what a method may be called too
_PLACE = re.compile(r"\{([^{}]*)\}")
Security = tuple[dict[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Served:
    """An operation as templates write it: the route, the types of a handler's arguments and result."""

    plan: OperationPlan
    title: str
    path: str
    path_names: tuple[str, ...]
    constant: str
    parameters: tuple[ParameterPlan, ...]
    ways: tuple[MediaPlan, ...]
    body: str
    result: str
    context: str
    security: Security
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of a tag: the module, the abstract class and the class that implements it."""

    module: str
    handler: str
    service: str
    title: str
    description: str
    operations: tuple[Served, ...]


def build(
    contract: OpenApi, major: str, templates: Templates, job: Job, say: Progress
) -> tuple[Tree, tuple[int, int]]:
    """The tree for a contract, and how many operations and models it has."""
    plan = plan_of(contract, ModelOptions(open_enums=False), major, reading(say))
    reader = SwaggerReader(contract) if contract.series == "2.0" else Reader(contract)
    security = {
        operation.title: tuple(
            {name: tuple(sorted(scopes)) for name, scopes in one.schemes.items()}
            for one in operation.security
        )
        for item in reader.paths()
        for operation in (reader.operation(item, method) for method in item.operations)
    }
    groups = _groups(plan, security)
    say("making the schemas that requests are checked by", 0.15)
    checked = {
        "contract.json": _json(exact(reader)),
        "openapi.json": _json(reader.root.value),
    }
    say(f"making {len(plan.schemas)} models", 0.2)
    made = _Writer(plan, groups, templates, job).tree(checked, say)
    return made, (len(plan.operations), len(plan.schemas))


def prefix_of(plan: RestPlan) -> str:
    """What stands before every path: the server's, else the major version, unless paths have it already."""
    path = urlsplit(plan.base_url).path.rstrip("/")
    if path:  # a major that was asked for stands in the place of the one that the server's address has
        return re.sub(r"/v\d+$", f"/{plan.major}", path)
    own = all(one.path.startswith(f"/{plan.major}/") for one in plan.operations)
    return "" if own else f"/{plan.major}"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float) + "\n").encode()


def _groups(plan: RestPlan, security: Mapping[str, Security]) -> tuple[Group, ...]:
    modules = names.Names(("serving",), fold=True)
    classes = names.Names(("Context", "Failure", "Reply"), separator="", fold=True)
    found = []
    for group in plan.groups:
        module = modules.give(group.attribute or "untagged")
        base = group.class_name or "Untagged"
        constants = names.Names(("SCHEMES",))
        found.append(
            Group(
                module,
                classes.give(f"{base}Handler"),
                classes.give(f"{base}Service"),
                group.title,
                group.description,
                _revealed(
                    tuple(
                        _served(one, constants, security.get(f"{one.method} {one.path}", ()))
                        for one in group.operations
                    )
                ),
            )
        )
    return tuple(found)


def _revealed(operations: tuple[Served, ...]) -> tuple[Served, ...]:
    """The operations with types that their methods do not hide: a method `list` would be taken for one."""
    hidden = {one.plan.python for one in operations} & _TYPES
    if not hidden:
        return operations
    words = re.compile(rf"(?<![\w.])({'|'.join(sorted(hidden))})(?=[\[\s|,\]]|$)")

    def told(text: str) -> str:
        return words.sub(r"builtins.\1", text)

    return tuple(
        replace(
            one,
            parameters=tuple(replace(own, annotation=told(own.annotation)) for own in one.parameters),
            body=told(one.body),
            result=told(one.result),
        )
        for one in operations
    )


def _served(one: OperationPlan, constants: names.Names, security: Security) -> Served:
    path_names = tuple(_PLACE.findall(one.path))
    numbers = iter(range(len(path_names)))
    taken = {parameter.python for parameter in one.parameters}
    return Served(
        one,
        f"{one.method} {one.path}",
        _PLACE.sub(lambda _: f"{{p{next(numbers)}}}", one.path),
        path_names,
        constants.give(names.constant(one.python)),
        tuple(sorted(one.parameters, key=lambda parameter: not parameter.required)),
        tuple(_way(way) for way in one.body.ways) if one.body else (),
        _body(one.body) if one.body else "",
        _result(one.answers),
        names.unique("context", taken),
        () if security == ({},) else security,
        text_of(one),
    )


def _way(way: MediaPlan) -> MediaPlan:
    """How the body comes to a handler: forms as models, text as text, bytes when they are wanted."""
    if way.kind in ("form", "multipart"):
        kept = [part for part in way.annotation.split(" | ") if part != "Mapping[str, Any]"]
        return replace(way, annotation=" | ".join(kept) or "dict[str, Any]")
    return replace(way, annotation={"text": "str", "bytes": "Incoming"}.get(way.kind, way.annotation))


def _body(body: BodyPlan) -> str:
    text = _union(_way(way).annotation for way in body.ways)
    return text if body.required or text == "Any" or text.endswith("None") else f"{text} | None = None"


def _result(answers: tuple[AnswerPlan, ...]) -> str:
    """What a handler returns: a result as it is, or a reply with any documented body."""
    good = _union(_given(one) for one in answers if not one.error) or "None"
    every = _union(_given(one) for one in answers) or "None"
    return "Any" if good == "Any" else f"{good} | Reply[{every}]"


def _given(answer: AnswerPlan) -> str:
    if answer.kind == "lines":
        return f"AsyncIterator[{answer.annotation}]"
    if answer.kind == "bytes":
        return _BYTES
    return _STREAMED.get(answer.kind, answer.annotation)


def _union(types: Iterator[str]) -> str:
    """The types as one, `None` last; `Any` if one of them is."""
    parts = dict.fromkeys(part for one in types for part in _alternatives(one))
    return "Any" if "Any" in parts else " | ".join(sorted(parts, key=lambda one: one == "None"))


def _alternatives(text: str) -> list[str]:
    """`a | b[c | d]` cut at the bars that stand outside of brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


class _Writer:
    """Renders the templates of a server."""

    def __init__(self, plan: RestPlan, groups: tuple[Group, ...], templates: Templates, job: Job) -> None:
        self.plan = plan
        self.groups = groups
        self.templates = templates
        self.job = job
        self.made = models.modules(plan.schemas, plan.declared, "..._runtime", open_enums=False)
        distribution = job.package.replace("_", "-")
        self.values: dict[str, object] = {
            "plan": plan,
            "groups": groups,
            "header": job.header,
            "shared_header": job.shared_header,
            "imports": IMPORTS,
            "package": job.package,
            "distribution": distribution,
            "host": re.sub(r"[^a-z0-9-]", "-", distribution.lower())[:60].strip("-") or "server",
            "prefix": prefix_of(plan),
            "keyed": any(one.key for one in plan.operations),
            "secured": any(one.security for group in groups for one in group.operations),
            "modules": self.made,
            "where": sorted((name, module.name) for module in self.made for name in module.defines),
        }

    def tree(self, checked: Mapping[str, bytes], say: Progress) -> Tree:
        """The tree of the project; everything in it is ready to be written."""
        job, plan = self.job, self.plan
        say(f"making {len(plan.operations)} operations", 0.7)
        top = f"{job.package}/{plan.major}"
        files = {
            f"{top}/__init__.py": self._text("init.py"),
            f"{top}/routing.py": self._text("routing.py", dots=".."),
            f"{top}/handlers/__init__.py": self._text("handlers.py"),
            f"{top}/operations/__init__.py": f'{job.header}\n"""Operations as data, a module per tag."""\n',
            f"{top}/models/__init__.py": self._text("models.py"),
            f"{job.package}/__init__.py": self._text("package.py"),
        }
        for group in self.groups:
            beside = {group.handler: f"..handlers.{group.module}"}
            more = {"group": group}
            files[f"{top}/handlers/{group.module}.py"] = self._text("handler.py", more, dots="...")
            files[f"{top}/operations/{group.module}.py"] = self._text("operations.py", more, beside, "...")
        for module in self.made:
            files[f"{top}/models/{module.name}.py"] = f"{job.header}\n{module.text}"
        own = self._yours()
        copied = runtime_files(f"{job.package}/_runtime", job.shared_header, leave_out=LEFT_OUT)
        say(f"formatting {len(files) + len(copied)} files", 0.82)
        ready = formatted({**files, **copied, **own})
        yours = {path: ready.pop(path) for path in own}
        shared = {path: ready.pop(path) for path in (*copied, f"{job.package}/__init__.py")}
        shared[f"{job.package}/py.typed"] = b""
        ready |= {f"{top}/{name}": content for name, content in checked.items()}
        parts = {plan.major: Part(job.digest, ready), "shared": Part(job.shared_digest, shared)}
        return Tree(job.package, parts, yours)

    def _yours(self) -> dict[str, str]:
        """The project around the package, written once."""
        plan, package = self.plan, self.job.package
        found = {
            "pyproject.toml": self._text("pyproject.toml"),
            "README.md": self._text("README.md"),
            "Dockerfile": self._text("Dockerfile"),
            "compose.yaml": self._text("compose.yaml"),
            "deploy/kubernetes.yaml": self._text("kubernetes.yaml"),
            "app/__init__.py": '"""The application."""\n',
            "app/main.py": self._text("main.py"),
            "app/registering.py": self._text("registering.py"),
            "app/settings.py": self._text("settings.py"),
            "app/services/__init__.py": '"""What the operations do."""\n',
            "tests/test_app.py": self._text("test_app.py"),
        }
        if self.values["secured"]:
            found["app/verifying.py"] = self._text("verifying.py")
        sources = {
            name: f"{package}._runtime.{module}" for module, known in _RUNTIME.items() for name in known
        }
        for group in self.groups:
            own = {"models": f"{package}.{plan.major}", group.handler: f"{package}.{plan.major}"}
            text = self._text("service.py", {"group": group})
            found[f"app/services/{plan.major}_{group.module}.py"] = with_imports(
                text, {**_STANDARD, **sources, **own}, "service.py.j2"
            )
        return found

    def _text(
        self,
        template: str,
        more: Mapping[str, object] | None = None,
        beside: Mapping[str, str] | None = None,
        dots: str = "",
    ) -> str:
        text = self.templates.render(f"rest/server/{template}.j2", {**self.values, **(more or {})})
        if not dots:
            return text
        sources = {name: f"{dots}_runtime.{module}" for module, known in _RUNTIME.items() for name in known}
        sources |= {"models": dots[:-1], **(beside or {})}
        return with_imports(text, {**_STANDARD, **sources}, f"{template}.j2")
