"""What can be generated: one row per target, and the one function that runs them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING

from apicontract.generation import names, tree
from apicontract.generation.rendering import Templates
from apicontract.generation.runtime_files import sources
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from apicontract.formats import Contract
    from apicontract.generation.declared import StatedPolicy

    Progress = Callable[[str, float], None]
    """Told what is being done, and how much of the whole was done before it: from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target: its name, the formats it generates from, its templates, the module that makes its tree.

    suffix: what a package is called by default, behind the contract's title.
    """

    name: str
    formats: tuple[str, ...]
    templates: str
    module: str
    suffix: str
    about: str

    @property
    def template_names(self) -> tuple[str, ...]:
        """Its templates, as they are called below a folder of templates."""
        return tuple(Templates(self.templates).names())


TARGETS = (
    Target(
        "rest-client",
        ("openapi",),
        "rest/client",
        "apicontract.generation.rest.client",
        "client",
        "a client (httpx, pydantic), blocking and awaiting, with timeouts, retries, breaker, bulkhead",
    ),
    Target(
        "rest-server",
        ("openapi",),
        "rest/server",
        "apicontract.generation.rest.server",
        "server",
        "a server (FastAPI) that checks requests by the contract, with handlers to implement",
    ),
    Target(
        "grpc-client",
        ("proto",),
        "grpc",
        "apicontract.generation.grpc.generating",
        "client",
        "blocking and awaiting clients (grpcio) with deadlines, retries of what is safe, breaker, bulkhead",
    ),
    Target(
        "grpc-server",
        ("proto",),
        "grpc",
        "apicontract.generation.grpc.generating",
        "server",
        "a server (grpc.aio) with health, reflection, limits, deadlines, handlers to write, a project for it",
    ),
    Target(
        "openapi",
        ("proto",),
        "grpc",
        "apicontract.generation.grpc.generating",
        "",
        "the OpenAPI 3.1 contract of the routes that `google.api.http` gives",
    ),
)


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """What a user may ask of generation.

    package: the name of the package; empty makes one of the contract's title. major: the name of the major
    version's package (`v2`); empty finds it in the contract. templates: a folder of templates that go before
    ours. check: write nothing, and say what differs. dry_run: write nothing. policies: what a team says of
    the calls of a `grpc-client`, beside the contract.
    """

    package: str = ""
    major: str = ""
    templates: str = ""
    check: bool = False
    dry_run: bool = False
    policies: tuple[StatedPolicy, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What a target's module is told beside its plan."""

    package: str
    header: str
    shared_header: str
    digest: str
    shared_digest: str
    options: GenerateOptions = field(default_factory=GenerateOptions)


@dataclass(frozen=True, slots=True)
class Generation:
    """What generating did, or would do.

    package, major: what was generated. outcome: files. operations, models: how many the contract has; None
    where nothing had changed, so that nothing was counted. notes: what could not be generated, and why.
    """

    target: str
    contract: str
    folder: str
    package: str
    major: str
    outcome: tree.Outcome
    operations: int | None = None
    models: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether what is there is what would be generated."""
        return not self.outcome.stale and not self.outcome.created


def target(name: str) -> Target:
    """The target of that name. ContractError, with what there is, if there is none."""
    for one in TARGETS:
        if one.name == name:
            return one
    from difflib import get_close_matches

    known = [one.name for one in TARGETS]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(f'`{one}`' for one in known)}"
    raise ContractError(f"there is no target `{name}`", hint=hint)


def generate(
    name: str,
    contract: Contract,
    folder: str,
    options: GenerateOptions,
    tool: str,
    progress: Progress | None = None,
) -> Generation:
    """Generate a target for a contract into a folder.

    tool: the version of this program. progress: told what is being done, and which part of the whole was
    done before it. ContractError, with its place where it has one, for what cannot be generated; nothing is
    written then.
    """
    from apicontract.formats.proto.model import Proto

    chosen = target(name)
    if options.policies and name != "grpc-client":
        error = options.policies[0].error("policies are of a `grpc-client`", (), key=True)
        hint = "what a REST client needs to know stands in its contract: `x-apicontract`"
        raise ContractError(error.message, file=error.file, line=error.line, column=error.column, hint=hint)
    say = progress or (lambda _, __: None)
    if isinstance(contract, Proto) and contract.format in chosen.formats:
        from apicontract.generation.grpc.generating import generate_from_protos

        _major(options.major)
        return generate_from_protos(chosen, contract, folder, options, tool, say)
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.formats.openapi.references import check_references
    from apicontract.generation.rest.contract import major_of

    if contract.format not in chosen.formats or not isinstance(contract, OpenApi):
        raise ContractError(
            f"{name} is generated from {' or '.join(chosen.formats)}, and this is {contract.format}",
            file=contract.source,
        )
    check_references(contract)
    templates = Templates(chosen.templates, options.templates)
    package = package_name(
        options.package or f"{contract.title or 'api'} {chosen.suffix}", given=bool(options.package)
    )
    major = _major(options.major) or major_of(contract)
    contract_digest = digest_of(document.text for document in contract.library.documents())
    made_by = digest_of([tool.encode(), *(text for _, text in templates.sources())])
    shared = digest_of([tool.encode(), *(text for _, text in sources())])
    about = " ".join(f"{contract.title} {contract.version}".split())
    job = Job(
        package,
        header_of(f"Generated by apicontract {tool} from {about} (sha256 {contract_digest[:16]})."),
        header_of(f"Generated by apicontract {tool}."),
        digest_of(
            [
                contract_digest.encode(),
                made_by.encode(),
                shared.encode(),
                f"{name} {package} {major}".encode(),
            ]
        ),
        shared,
        options,
    )
    digests = {major: job.digest, "shared": job.shared_digest}
    if not options.dry_run and tree.is_current(folder, package, digests):
        return Generation(name, contract.source, folder, package, major, tree.Outcome())
    say("reading the contract", 0.0)
    try:
        made, counts = import_module(chosen.module).build(contract, major, templates, job, say)
    except RecursionError:
        raise ContractError(
            "schemas hold each other too deeply to be written as Python",
            file=contract.source,
            hint="give what is deep inside a name of its own, in a class",
        ) from None
    say("writing files", 0.97)
    outcome = carried_out(made, name, folder, options)
    return Generation(name, contract.source, folder, package, major, outcome, *counts)


def carried_out(made: tree.Tree, target_name: str, folder: str, options: GenerateOptions) -> tree.Outcome:
    """What writing did; or, where the options say so, what it would do."""
    made = replace(made, target=target_name)
    if options.check or options.dry_run:
        return tree.plan(made, folder, diff=options.check)
    return tree.write(made, folder)


def package_name(text: str, *, given: bool) -> str:
    """The package's name. ContractError for one that was given and cannot be one."""
    name = names.snake(text, "parameter")
    if given and (name != text or not text.isascii()):
        raise ContractError(f"`{text}` cannot be the name of a package", hint=f"write --package {name}")
    return name


def _major(text: str) -> str:
    if text and not re.fullmatch(r"v\d{1,6}", text, re.ASCII):
        raise ContractError(f"`{text}` is no major version", hint="write --force-major v2")
    return text


def header_of(text: str) -> str:
    """The lines that a generated file begins with."""
    from apicontract.generation.rendering import comment

    warning = "# Do not edit: it is written anew each time. What you add goes into files of your own."
    return f"{comment(text)}\n{warning}\n"


def digest_of(parts: Iterable[bytes]) -> str:
    """The hash of several things together, each with its length."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
