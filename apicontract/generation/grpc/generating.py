"""The targets that are made from protos: made into a tree, and written, checked or announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apicontract.generation import tree
from apicontract.generation.rendering import Templates
from apicontract.generation.targets import Generation, carried_out, digest_of, header_of, package_name
from apicontract.sources import ContractError

if TYPE_CHECKING:
    from apicontract.formats.proto.model import Proto
    from apicontract.generation.grpc.origins import Origins
    from apicontract.generation.grpc.target import Side
    from apicontract.generation.targets import GenerateOptions, Progress, Target


def generate_from_protos(
    target: Target,
    contract: Proto,
    folder: str,
    options: GenerateOptions,
    tool: str,
    say: Progress,
) -> Generation:
    """Generate a target for a contract of protos; `tool` is the version of this program.

    What is there already from the same contract is known before anything is compiled. ContractError, and
    nothing written, for what cannot be.
    """
    if target.name == "openapi":
        return _rest_face(contract, folder, options, tool, say)
    from apicontract.generation.grpc.origins import Origins
    from apicontract.generation.grpc.target import Making, grpc_tree, package_called, part_digests, yours_of

    templates = Templates(target.templates, options.templates)
    side: Side = "server" if target.name == "grpc-server" else "client"
    root = package_name(options.package or package_called(contract, side), given=bool(options.package))
    making = Making(side, root, tool, options.major, options.policies)
    origins = Origins(contract)
    digests = part_digests(contract, making, templates, origins)
    major = ", ".join(sorted(digests.keys() - {"shared"}))
    if not options.dry_run and tree.is_current(folder, root, digests, yours_of(side)):
        return Generation(target.name, contract.source, folder, root, major, tree.Outcome())
    _compile(contract, say)
    say(f"making modules of {len(contract.files)} files", 0.4)
    made = grpc_tree(contract, making, templates, origins)
    own = list(contract.own_files)
    calls = sum(len(service.methods) for file in own for service in file.services)
    models = sum(1 for file in own for _ in file.all_messages)
    say("writing files", 0.95)
    outcome = carried_out(made, target.name, folder, options)
    return Generation(target.name, contract.source, folder, root, major, outcome, calls, models)


def _compile(contract: Proto, say: Progress) -> None:
    say("compiling", 0.0)
    if any(not mistake.is_warning for mistake in contract.mistakes):
        contract.files  # noqa: B018  # raises CompileError, with every mistake


def _rest_face(
    contract: Proto, folder: str, options: GenerateOptions, tool: str, say: Progress
) -> Generation:
    """A document for each version package that has routes."""
    from apicontract.generation.grpc.layout import root_name
    from apicontract.generation.grpc.origins import Origins, compilers

    root = package_name(options.package or root_name(contract.unit.packages), given=bool(options.package))

    def digest(origins: Origins) -> str:
        told = [tool, root, options.major, *compilers(), origins.digest(contract.own)]
        return digest_of(line.encode() for line in told)

    origins = Origins(contract)
    known = digest(origins)
    names = tree.parts_of(folder, root, known)
    if names and not options.dry_run and tree.is_current(folder, root, dict.fromkeys(names, known)):
        major = ", ".join(names)
        return Generation("openapi", contract.source, folder, root, major, tree.Outcome())
    _compile(contract, say)
    say("making documents", 0.6)
    origins.add_unseen(contract)
    documents, notes = _documents(contract, options, tool, origins)
    mark = digest(origins)
    parts = {name: tree.Part(mark, {f"{root}/openapi-{name}.yaml": text}) for name, text in documents.items()}
    outcome = carried_out(tree.Tree(root, parts), "openapi", folder, options)
    major = ", ".join(sorted(documents))
    return Generation("openapi", contract.source, folder, root, major, outcome, notes=notes)


def _documents(
    contract: Proto, options: GenerateOptions, tool: str, origins: Origins
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """(the documents by version, what has no route). ContractError if nothing has one."""
    from apicontract.formats.proto.packages import major
    from apicontract.generation.grpc.openapi import as_yaml, rest_face

    found: dict[str, bytes] = {}
    notes: list[str] = []
    for proto_package in contract.unit.packages:
        face = rest_face(contract, [proto_package])
        notes += [f"{name}: {why}" for name, why in face.left_out]
        if not face.document["paths"]:
            continue
        text = as_yaml(face.document)
        name = options.major or major(proto_package) or "v1"
        if name in found:
            name = proto_package
        own = [file.name for file in contract.own_files if file.package == proto_package]
        about = f"{proto_package} (sha256 {origins.digest(own)[:16]})"
        header = header_of(f"Generated by apicontract {tool} from {about}.")
        found[name] = f"{header}{text}".encode()
    if not found:
        raise ContractError(
            "no method has a route of HTTP",
            file=contract.source,
            hint='give it one: `option (google.api.http).get = "/v1/orders";`',
        )
    return found, tuple(notes)
