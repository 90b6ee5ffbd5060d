"""How a value is written in JSON or YAML, in the manner of what stands beside it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from apicontract.sources.yaml_text import plain

if TYPE_CHECKING:
    from apicontract.sources.pointers import Json

_PLAIN = re.compile(r"[\w/](?:[\w./+@~-]|:(?=/)| (?=[\w/]))*")
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?")
# What readers of YAML 1.1 take for something else than a text; numbers and dates besides.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def text(written: str, *, like: bytes, syntax: str, ascii_only: bool = False) -> bytes:
    """A string, quoted as `like` is where that can be; `like` is what stands beside it or in its place."""
    if syntax == "json" or like[:1] == b'"' or not written.isprintable():
        return json.dumps(written, ensure_ascii=ascii_only).encode()
    if like[:1] != b"'" and _may_be_plain(written, like.decode("utf-8", "replace")):
        return written.encode()
    return "'{}'".format(written.replace("'", "''")).encode()


def _may_be_plain(written: str, like: str) -> bool:
    if not written or written.lower() in _WORDS or _NUMBER.fullmatch(written):
        return False
    if not isinstance(plain(written), str):
        return False
    # What is plain with some signs in it may be so again; who asks reads the result.
    return _PLAIN.fullmatch(written) is not None or (
        written[0] == like[:1] and written[-1].isalnum() and set(written) <= set(like)
    )


def flow(value: Json, *, like: bytes, syntax: str) -> bytes:
    """Any value on one line; strings and names in it are quoted as `like` is."""
    if isinstance(value, str):
        return text(value, like=like, syntax=syntax)
    if isinstance(value, list):
        return b"[" + b", ".join(flow(item, like=like, syntax=syntax) for item in value) + b"]"
    if isinstance(value, dict):
        members = (
            text(name, like=like, syntax=syntax) + b": " + flow(held, like=like, syntax=syntax)
            for name, held in value.items()
        )
        return b"{" + b", ".join(members) + b"}"
    return json.dumps(value).encode()


def pretty(value: Json, *, unit: bytes, newline: bytes) -> bytes:
    """Any value as JSON over several lines, as deep as `newline` (a line end with its indentation) says.

    unit: the spaces or tabs by which each level is further in.
    """
    if not isinstance(value, dict | list) or not value:
        return flow(value, like=b'"', syntax="json")
    return json.dumps(value, indent=unit.decode(), ensure_ascii=False).encode().replace(b"\n", newline)


def block(value: Json, *, like: bytes, newline: bytes) -> bytes:
    """Any value as YAML that begins where a list or a mapping may; the next line begins with `newline`."""
    if isinstance(value, dict) and value:
        members = (
            text(name, like=like, syntax="yaml") + b":" + _below(held, like=like, newline=newline)
            for name, held in value.items()
        )
        return newline.join(members)
    if isinstance(value, list) and value:
        return newline.join(b"- " + block(item, like=like, newline=newline + b"  ") for item in value)
    return flow(value, like=like, syntax="yaml")


def _below(value: Json, *, like: bytes, newline: bytes) -> bytes:
    if isinstance(value, dict | list) and value:
        return newline + b"  " + block(value, like=like, newline=newline + b"  ")
    return b" " + flow(value, like=like, syntax="yaml")


def member(name: bytes, value: Json, *, like: bytes, newline: bytes) -> bytes:
    """A member of a YAML mapping in block style."""
    return name + b":" + _below(value, like=like, newline=newline)
