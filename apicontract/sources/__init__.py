"""Thin stand-in until the room is complete: local files, local and relative references."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from decimal import Decimal
from typing import Union
from urllib.parse import unquote

Json = Union[None, bool, int, float, Decimal, str, "list[Json]", "dict[str, Json]"]


class ContractError(Exception):
    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.file, self.line, self.column, self.hint = message, file, line, column, hint


@dataclass(frozen=True, slots=True)
class Position:
    line: int
    column: int


class Document:
    def __init__(self, uri: str, name: str, value: Json, text: bytes, syntax: str) -> None:
        self.uri, self.name, self.value, self.text, self.syntax = uri, name, value, text, syntax

    def position(self, pointer: str, *, key: bool = False) -> Position:
        import yaml

        node = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        for token in split(pointer):
            below = None
            if isinstance(node, yaml.MappingNode):
                below = next((v for k, v in node.value if str(k.value) == token), None)
            elif isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
                below = node.value[int(token)]
            if below is None:
                break
            node = below
        return Position(node.start_mark.line + 1, node.start_mark.column + 1)


@dataclass(frozen=True, slots=True)
class Place:
    document: Document
    pointer: str

    @property
    def file(self) -> str:
        return self.document.name

    @property
    def value(self) -> Json:
        value = self.document.value
        for token in split(self.pointer):
            value = value[int(token)] if isinstance(value, list) else value[token]
        return value

    @property
    def line(self) -> int:
        return self.document.position(self.pointer).line

    @property
    def column(self) -> int:
        return self.document.position(self.pointer).column


@dataclass(frozen=True, slots=True)
class Target:
    document: Document
    pointer: str
    value: Json


@dataclass(frozen=True, slots=True)
class ReadOptions:
    allow_remote: bool = False
    root: str | None = None


class Library:
    def __init__(self, root: Document, options: ReadOptions) -> None:
        self.root, self.options, self._known = root, options, {root.uri: root}

    def documents(self) -> list[Document]:
        return list(self._known.values())

    def resolve(self, ref: str, *, document: Document, pointer: str = "") -> Target:
        path, _, fragment = ref.partition("#")
        if path:
            uri = os.path.normpath(os.path.join(os.path.dirname(document.uri), unquote(path)))
            if uri not in self._known:
                self._known[uri] = _load(uri)
            document = self._known[uri]
        value, pointer = document.value, unquote(fragment)
        try:
            for token in split(pointer):
                value = value[int(token)] if isinstance(value, list) else value[token]
        except (KeyError, IndexError, TypeError, ValueError):
            raise ContractError(f"`{ref}` leads nowhere", file=document.name) from None
        return Target(document, pointer, value)

    def follow(self, ref: str, *, document: Document, pointer: str = "") -> Target:
        seen = set()
        while True:
            target = self.resolve(ref, document=document, pointer=pointer)
            if not (isinstance(target.value, dict) and isinstance(target.value.get("$ref"), str)):
                return target
            ref, document, pointer = target.value["$ref"], target.document, target.pointer
            if (document.uri, ref) in seen:
                raise ContractError(f"`{ref}` leads back to itself", file=document.name)
            seen.add((document.uri, ref))


def _load(path: str) -> Document:
    import yaml

    text = open(path, "rb").read()
    try:
        return Document(os.path.abspath(path), path, json.loads(text), text, "json")
    except ValueError:
        value = json.loads(json.dumps(yaml.load(text, Loader=yaml.CSafeLoader), default=str))
        return Document(os.path.abspath(path), path, value, text, "yaml")


def read(spec: str, options: ReadOptions = ReadOptions()) -> Library:
    return Library(_load(spec), options)


def expand(spec: str) -> list[str]:
    return [spec]


def join(pointer: str, *tokens: str) -> str:
    return pointer + "".join("/" + str(t).replace("~", "~0").replace("/", "~1") for t in tokens)


def split(pointer: str) -> list[str]:
    return [t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:]]


def is_collection(spec: str) -> bool:
    return os.path.isdir(spec) or any(c in spec for c in "*?[")
