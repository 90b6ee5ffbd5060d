"""How the titles of rules that are made from a table speak of a kind of element."""

from __future__ import annotations


def a(what: str) -> str:
    """`A field`, `An enum`, `An RPC`: how a sentence begins."""
    return "An RPC" if what == "rpc" else f"{'An' if what[0] in 'aeio' else 'A'} {what}"
