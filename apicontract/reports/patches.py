"""Two texts as a unified patch, as git and patch read it; fast where little differs in much.

Lines that are the same are passed by one by one; only what lies between is given to difflib, whose time
grows with the square of the lines.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Block = tuple[int, int, int, int]  # old[a:b] gives way to new[c:d]

_CONTEXT = 3
_SAME = 6  # lines in a row that must be the same for the texts to run in step again
_FIRST, _MOST = 64, 1 << 17  # lines that are looked through for that


def unified(old: bytes, new: bytes, name: str) -> str:
    """The patch from one text in UTF-8 to the other; empty if they are the same."""
    before, after = _lines(old), _lines(new)
    blocks = list(_blocks(before, after))
    if not blocks:
        return ""
    head = f"--- a/{name}\n+++ b/{name}\n" if not name.startswith("/") else f"--- {name}\n+++ {name}\n"
    return head + "".join(line for hunk in _hunks(blocks) for line in _written(hunk, before, after))


def _lines(text: bytes) -> list[str]:
    """Lines end with a line feed and nothing else, whatever Python takes for a line end."""
    *lines, last = text.decode("utf-8").split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """What differs, in order."""
    at, to = 0, 0
    while at < len(old) or to < len(new):
        if at < len(old) and to < len(new) and old[at] == new[to]:
            at, to = at + 1, to + 1
            continue
        end, stop = _in_step(old, new, at, to)
        matcher = SequenceMatcher(None, old[at:end], new[to:stop], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                yield at + a, at + b, to + c, to + d
        at, to = end, stop


def _in_step(old: Sequence[str], new: Sequence[str], at: int, to: int) -> tuple[int, int]:
    """Where, behind a difference, the two are the same again for some lines; else their ends."""
    window = _FIRST
    while window <= _MOST:
        known: dict[tuple[str, ...], int] = {}
        for index in range(at, min(at + window, len(old) - _SAME + 1)):
            known.setdefault(tuple(old[index : index + _SAME]), index)
        for index in range(to, min(to + window, len(new) - _SAME + 1)):
            found = known.get(tuple(new[index : index + _SAME]))
            if found is not None:
                return found, index
        if at + window >= len(old) and to + window >= len(new):
            break
        window *= 4
    return len(old), len(new)


def _hunks(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks so near to each other that they are shown together."""
    hunk = [blocks[0]]
    for block in blocks[1:]:
        if block[0] - hunk[-1][1] > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    yield hunk


def _written(hunk: Sequence[Block], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    start, to = max(hunk[0][0] - _CONTEXT, 0), max(hunk[0][2] - _CONTEXT, 0)
    end, stop = min(hunk[-1][1] + _CONTEXT, len(old)), min(hunk[-1][3] + _CONTEXT, len(new))
    yield f"@@ -{_range(start, end)} +{_range(to, stop)} @@\n"
    at = start
    for first, last, new_first, new_last in hunk:
        yield from (_line(" ", line) for line in old[at:first])
        yield from (_line("-", line) for line in old[first:last])
        yield from (_line("+", line) for line in new[new_first:new_last])
        at = last
    yield from (_line(" ", line) for line in old[at:end])


def _range(start: int, end: int) -> str:
    """From 1, and of what is empty the line before it, as POSIX has it (diff, "Diff -u Output Format")."""
    if end - start == 1:
        return f"{end}"
    return f"{start + (end > start)},{end - start}"


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
