"""A protobuf contract from where the user has it: files, folders and globs on disk and in git, or texts.

Nothing is compiled here: a comparison compiles what differs.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from apicontract.formats.proto.builtin import builtin
from apicontract.formats.proto.compiling.files import ProtoFile, Scanned
from apicontract.formats.proto.compiling.unit import TextUnit
from apicontract.formats.proto.gathering import ALL, gather, select
from apicontract.formats.proto.images import image
from apicontract.formats.proto.model import Proto
from apicontract.formats.proto.recognition import TEXT, Nature
from apicontract.sources import ContractError, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from apicontract.sources import ReadOptions


def load(specs: Sequence[str], natures: Sequence[Nature | None], options: ReadOptions) -> dict[str, Proto]:
    """The contract of all protos that the sources lead to, each of the nature that was seen in it.

    By its path, `*.proto`; of several copies of files side by side, one for each: `old/*.proto`. Empty if
    there is no proto. ContractError if the sources cannot make one contract.
    """
    source = ", ".join(specs)
    if all(one is Nature.FILES for one in natures):
        selection = select(specs, options)
        units = {} if selection is None else gather(selection, source, options)
        return {path: Proto(unit) for path, unit in units.items()}
    if len(specs) > 1:
        raise ContractError(
            "only proto files and folders of them make one contract together",
            file=source,
            hint="name one descriptor set, or one text, at a time",
        )
    data = read_bytes(specs[0], options)
    if natures[0] is Nature.SET:
        return {ALL: Proto(image(data, specs[0], options.max_bytes))}
    name = posixpath.basename(specs[0]) if specs[0] != "-" else "stdin"
    path = name if name.endswith(TEXT) else f"{name}{TEXT}"
    shown = "<stdin>" if specs[0] == "-" else specs[0]
    file = ProtoFile(path, shown, Scanned(data))
    unit = TextUnit(source, {path: file}, lambda asked: file if asked == path else builtin(asked))
    return {ALL: Proto(unit)}


def from_texts(texts: Mapping[str, str | bytes], source: str = "") -> Proto:
    """The contract of these files: import path to text. Well-known types need not be among them."""
    files = {
        path: ProtoFile(path, path, Scanned(text.encode() if isinstance(text, str) else text))
        for path, text in texts.items()
    }
    return Proto(TextUnit(source, files, lambda path: files.get(path) or builtin(path)))
