"""The text of a proto file after packages were renamed: what names them is edited, all else stays.

Edits the package statement, import paths, names of types (whole, or by the end of their package as scopes
allow it), and in what is renamed itself the options that hold the version and the paths of
`google.api.http`. Reads tokens, not grammar; whoever writes the result compiles it first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apicontract.formats.proto.packages import major

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Texts side by side are one, and names may have blanks around their dots; before a dot that begins a name
# (`repeated .acme.Order`) stands a word that is none of it.
_TEXT = rb"""(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
_TOKEN = re.compile(
    rb"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
        |(?P<text>%(text)s(?:\s*%(text)s)*)
        |(?P<name>(?:repeated|optional|required|stream|extend)(?=\s+\.)
                 |(?:\.\s*)?[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
        |(?P<mark>[^\s\w])"""
    % {b"text": _TEXT},
    re.DOTALL | re.VERBOSE,
)
_ONE_TEXT = re.compile(_TEXT.decode(), re.DOTALL)
# Options of a file that say where generated code goes (descriptor.proto, FileOptions).
NAMESPACES = (
    "go_package",
    "java_package",
    "csharp_namespace",
    "php_namespace",
    "php_metadata_namespace",
    "ruby_package",
)
_PREFIXES = ("objc_class_prefix", "php_class_prefix", "swift_prefix")
_OPTIONS = frozenset((*NAMESPACES, *_PREFIXES))
_ROUTES = ("google.api.http", ".google.api.http")
_ALIAS_ENDS = ("", "pb", "grpc", "connect")  # what names of Go packages end with, behind the version


@dataclass(frozen=True, slots=True)
class Renaming:
    """One package, with the packages in it, under another name; `others` are those in it that stay."""

    old: str
    new: str
    others: tuple[str, ...] = ()

    def holds(self, package: str) -> bool:
        """Whether a package is renamed by this."""
        return (package == self.old or package.startswith(f"{self.old}.")) and not any(
            package == other or package.startswith(f"{other}.") for other in self.others
        )

    def of(self, package: str) -> str:
        """The new name of a package that is renamed."""
        return self.new + package[len(self.old) :]


def renamed(
    text: bytes, package: str, renamings: Sequence[Renaming], imports: Mapping[str, str]
) -> tuple[bytes, tuple[str, ...]]:
    """The text after the renamings, and the options for code that hold no version and so stay as they are.

    package: that of the file, before. imports: old import paths with their new ones.
    """
    own = next((one for one in renamings if one.holds(package)), None)
    editor = _Editor(package, own, renamings, imports)
    return editor.edited(text), tuple(editor.kept)


class _Editor:
    """What is known between tokens: the statement so far, and how deep in braces it stands."""

    def __init__(
        self, package: str, own: Renaming | None, renamings: Sequence[Renaming], imports: Mapping[str, str]
    ) -> None:
        self.kept: list[str] = []
        self._package = package
        self._own = own
        self._renamings = renamings
        self._imports = imports
        self._statement: list[str] = []
        self._depth = 0
        self._routes_at: int | None = None

    def edited(self, text: bytes) -> bytes:
        found: list[bytes] = []
        at = 0
        for token in _TOKEN.finditer(text):
            word = token[0].decode("utf-8", "surrogateescape")
            kind = token.lastgroup
            if kind == "comment":
                told = self._in_comment(word)
            elif kind == "text":
                told = self._texts(word)
            elif kind == "name":
                bare = "".join(word.split())
                new = self._name(bare)
                told = word if new == bare else new
                self._note(bare)
            else:
                told = word
                self._note(word)
            if kind == "text":
                self._statement.append('"')
            found += (text[at : token.start()], told.encode("utf-8", "surrogateescape"))
            at = token.end()
        return b"".join((*found, text[at:]))

    def _note(self, word: str) -> None:
        """Keep account of the statement: it begins after `;`, `{` and `}`."""
        if word in _ROUTES and self._statement[-2:] == ["option", "("]:
            self._routes_at = self._depth
        self._depth += {"{": 1, "}": -1}.get(word, 0)
        if word == ";" and self._depth == self._routes_at:
            self._routes_at = None
        if word in (";", "{", "}"):
            self._statement = []
        else:
            self._statement.append(word)

    def _name(self, word: str) -> str:
        if self._statement == ["package"] and word == self._package:
            return word if self._own is None else self._own.of(word)
        return word if self._statement[-1:] == [")"] else self._reference(word)

    def _reference(self, word: str) -> str:
        """A name of something in a renamed package, whole or as the scope of this file allows."""
        lead = "." if word.startswith(".") else ""
        bare = word[len(lead) :]
        scope = self._package.split(".")
        for one in self._renamings:
            steps = one.old.split(".")
            for cut in range(1 if lead else len(steps)):
                start = ".".join(steps[cut:])
                if scope[:cut] == steps[:cut] and bare.startswith(f"{start}."):
                    whole = ".".join((*steps[:cut], bare))
                    if not any(whole.startswith(f"{other}.") for other in one.others):
                        return lead + ".".join(one.new.split(".")[cut:]) + bare[len(start) :]
        return word

    def _in_comment(self, comment: str) -> str:
        """A comment of what is renamed speaks of what is beside it: `[Order][acme.orders.v1.Order]`."""
        own = self._own
        if own is None or own.old not in comment:
            return comment
        names = re.compile(rf"(?<![\w.]){re.escape(own.old)}(?=\.[A-Za-z_])((?:\.\w+)*)")
        return names.sub(lambda found: self._reference(found[0]), comment)

    def _texts(self, written: str) -> str:
        """Texts side by side, read as one; they stay where that one does, or cannot be quoted."""
        quote = written[0]
        parts = [found[0] for found in _ONE_TEXT.finditer(written)]
        whole = "".join(part[1:-1] for part in parts)
        told = self._in_text(whole)
        if told == whole or any(part[0] != quote and quote in part for part in parts):
            return written
        return f"{quote}{told}{quote}"

    def _in_text(self, text: str) -> str:
        if self._statement[:1] == ["import"]:
            return self._imports.get(text, text)
        if self._own is None:
            return self._full_name(text)
        before, after = major(self._own.old), major(self._own.new)
        if self._statement[:1] == ["option"] and self._statement[2:] == ["="]:
            option = self._statement[1]
            if option in _OPTIONS:
                told = _in_option(text, option, self._own, before, after)
                if told == text and option in NAMESPACES:
                    self.kept.append(f"{option} = {text}")
                return told
        if self._routes_at is not None and text.startswith("/") and before:
            return re.sub(rf"(?<=/){before}(?=[/:]|$)", after, text, count=1)
        return self._full_name(text)

    def _full_name(self, text: str) -> str:
        """A text that is nothing but the whole name of a type, as options of RPCs name messages."""
        if not re.fullmatch(r"\.?\w+(?:\.\w+)+", text, re.ASCII):
            return text
        bare = text.removeprefix(".")
        return (
            self._reference(text) if any(bare.startswith(f"{one.old}.") for one in self._renamings) else text
        )


def _in_option(text: str, option: str, own: Renaming, before: str, after: str) -> str:
    """The version in a name of generated code: a component of it, or the end of one."""
    if not before:
        return text
    if option in _PREFIXES:
        found = re.search(rf"{before}(?=_*$)", text, re.IGNORECASE)
        return (
            text if found is None else text[: found.start()] + _cased(found[0], after) + text[found.end() :]
        )
    return ";".join(_in_namespace(part, own, before, after) for part in text.split(";"))


def _in_namespace(text: str, own: Renaming, before: str, after: str) -> str:
    steps = re.split(r"([^0-9A-Za-z]+)", text)
    for at in range(len(steps) - 1, -1, -1):
        if steps[at].lower() == before:
            steps[at] = _cased(steps[at], after)
            return "".join(steps)
    last = steps[-1]
    packages = own.old.split(".")[: own.old.split(".").index(before)]
    starts = {"".join(packages[cut:]).replace("_", "") for cut in range(len(packages))}
    for end in _ALIAS_ENDS:
        start = last.lower().removesuffix(end).removesuffix(before)
        if last.lower() == f"{start}{before}{end}" and start in starts:
            version = last[len(start) : len(start) + len(before)]
            steps[-1] = last[: len(start)] + _cased(version, after) + last[len(start) + len(before) :]
            return "".join(steps)
    return text


def _cased(like: str, version: str) -> str:
    """The version with a capital where the old one had one: `V1` becomes `V2`."""
    return version[:1].upper() + version[1:] if like[:1].isupper() else version
