"""Git, run for its output: single commands, and objects read through one process that stays open.

Knows how git is called so that nothing of the user's is changed or fetched: no optional locks, no
lazy fetches, messages in English. Knows no ref, no tree and no contract.
"""

from __future__ import annotations

import os
import weakref
from typing import IO, TYPE_CHECKING, Optional

from apicontract.records import dataclass
from apicontract.sources.errors import ContractError

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping, Sequence

_TIMEOUT = 60
_FETCH_TIMEOUT = 600
_LINK_MODE = "120000"
_PIPE = 16 * 1024  # bytes that any pipe holds: as much is asked before answers are read

Settings = Optional["Mapping[str, str | None]"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a git command gave back."""

    code: int
    output: bytes
    said: str

    @property
    def text(self) -> str:
        """The output as text, without the line end."""
        return os.fsdecode(self.output).rstrip("\n")


def ask(
    folder: str,
    *arguments: str,
    given: bytes = b"",
    extra: Settings = None,
    network: bool = False,
) -> Answer:
    """The answer of `git arguments` in `folder`, whatever its exit code; `given` is its standard input.

    extra: environment variables on top, None for one to leave out. network: whether it may talk to a remote.
    Raises ContractError if git is not installed, or gives no answer in time.
    """
    import subprocess  # most contracts are files, and loading it takes longer than to read one

    limit = _FETCH_TIMEOUT if network else _TIMEOUT
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", folder, *arguments],  # noqa: S607
            capture_output=True,
            timeout=limit,
            check=False,
            env=environment(extra, network=network),
            input=given,
        )
    except FileNotFoundError:
        raise ContractError("git is not installed", hint="install git, or name a file") from None
    except subprocess.TimeoutExpired:
        raise ContractError(f"git {arguments[0]} gave no answer in {limit} seconds") from None
    except ValueError:
        raise ContractError("git cannot be asked for a name with a zero byte in it") from None
    return Answer(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip())


def run(folder: str, *arguments: str, given: bytes = b"", extra: Settings = None) -> bytes:
    """The output of `git arguments`; ContractError with what git said if it fails."""
    answer = ask(folder, *arguments, given=given, extra=extra)
    if answer.code:
        raise ContractError(f"git {arguments[0]} failed: {answer.said}")
    return answer.output


def printable(path: str) -> str:
    """A path for people and reports: bytes of it that are no UTF-8 are spelled out."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def environment(extra: Settings = None, *, network: bool = False) -> dict[str, str]:
    """The environment in which git runs.

    A partial clone fetches what it lacks in the middle of any command; older versions of git do not
    know GIT_NO_LAZY_FETCH, so no protocol is allowed unless the network may be used.
    """
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    if not network:
        quiet |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
    together = {**os.environ, **quiet, **(extra or {})}
    return {name: value for name, value in together.items() if value is not None}


# On top of the environment to ask another repository, such as a submodule's: a hook runs with
# variables that tie git to the repository whose hook it is.
ELSEWHERE: Settings = dict.fromkeys(
    ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
)


# On top of the environment where a partial clone may get from its remote what it lacks.
ONLINE: Mapping[str, str | None] = dict.fromkeys(("GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL"))


class Objects:
    """The objects of one repository, read by name through one `git cat-file --batch`.

    The process starts with the first question and ends with this object.
    """

    def __init__(self, folder: str, extra: Settings = None) -> None:
        self._folder = folder
        self._extra = dict(extra or {})
        self._pipes: tuple[IO[bytes], IO[bytes]] | None = None

    def read(self, name: str) -> tuple[str, bytes]:
        """(type, content) of what git calls `name`, symbolic links inside its tree followed.

        The type is `blob`, `tree`, `commit` or `tag`; or `missing`, or for links `dangling`, `loop`,
        `notdir`, or `symlink` for one that leaves the tree, with where it leads as content.
        """
        return next(self.read_all([name]))

    def read_all(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The same of each name, in their order. All of what is asked together is asked for at once."""
        reading, writing = self._opened()
        for asked in _chunks(names):
            try:
                writing.writelines(os.fsencode(name) + b"\n" for name in asked if "\n" not in name)
                writing.flush()
            except OSError:
                raise self._ended(asked[0]) from None
            for name in asked:
                yield self._answer(reading, name) if "\n" not in name else self._apart(name)

    def _answer(self, reading: IO[bytes], name: str) -> tuple[str, bytes]:
        head = reading.readline()
        if not head:
            raise self._ended(name)
        words = head.split()
        if head.rstrip(b"\n").endswith((b" missing", b" ambiguous")) or not words[-1].isdigit():
            return "missing", b""
        kind = words[0] if words[0] in (b"dangling", b"loop", b"notdir", b"symlink") else words[1]
        content = reading.read(int(words[-1]))
        reading.read(1)
        return kind.decode("ascii"), content

    def _apart(self, name: str) -> tuple[str, bytes]:
        """The object of a name with a line end in it, which no line can ask for: by its id."""
        tree, _, path = name.partition(":")
        listed = ask(self._folder, "ls-tree", "-z", "--full-tree", tree, "--", path, extra=self._extra)
        about = listed.text.partition("\t")[0].split() if not listed.code else []
        if len(about) != len(("mode", "kind", "id")) or about[0] == _LINK_MODE:
            return "missing", b""
        return self.read(about[2])

    def _ended(self, name: str) -> ContractError:
        if ask(self._folder, "config", "--get-regexp", r"^remote\..*\.promisor$").output:
            return ContractError(
                f"this is a partial clone, and the content of {name} is not here",
                hint="let git get what is missing with --fetch, or make a full clone",
            )
        return ContractError(
            f"git cat-file ended while it was asked for {name}", hint="`git fsck` tells whether all is whole"
        )

    def _opened(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._pipes is None:
            import subprocess

            try:
                process = subprocess.Popen(  # noqa: S603  # ended by _end
                    ["git", "-C", self._folder, "cat-file", "--batch", "--follow-symlinks"],  # noqa: S607
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment(self._extra),
                )
            except FileNotFoundError:
                raise ContractError("git is not installed", hint="install git, or name a file") from None
            assert process.stdin is not None  # noqa: S101  # it was asked for
            assert process.stdout is not None  # noqa: S101
            self._pipes = process.stdout, process.stdin
            weakref.finalize(self, _end, process)
        return self._pipes


def _chunks(names: Sequence[str]) -> Iterator[list[str]]:
    """The names in lists that a pipe holds; one that is longer than that stands alone."""
    chunk: list[str] = []
    length = 0
    for name in names:
        size = len(os.fsencode(name)) + 1
        if chunk and length + size > _PIPE:
            yield chunk
            chunk, length = [], 0
        chunk.append(name)
        length += size
    if chunk:
        yield chunk


def _end(process: subprocess.Popen[bytes]) -> None:
    process.communicate()
