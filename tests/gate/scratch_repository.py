"""Real git repositories in temporary folders, and contracts to put into them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from apicontract.gate.check import Request, check

_QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def contract(version="1.0.0", *, most=100, fields=("id",), prefix="", title="Orders", ref="", summary="List"):
    """A contract of one operation: `most` bounds a parameter, `fields` are what it answers with."""
    properties = ", ".join(f"{name}: {{type: string}}" for name in fields)
    item = f"{{$ref: '{ref}'}}" if ref else f"{{type: object, properties: {{{properties}}}}}"
    return f"""\
openapi: 3.1.0  # a comment that stays
info:
  title: {title}
  version: {version}
paths:
  {prefix}/orders:
    get:
      operationId: listOrders
      summary: {summary}
      parameters:
        - {{name: limit, in: query, schema: {{type: integer, minimum: 1, maximum: {most}}}}}
      responses:
        '200':
          description: done
          content:
            application/json:
              schema: {item}
"""


class Scratch:
    """A repository in a folder; commits happen a second apart, so that their order is certain."""

    _clock = 1_700_000_000

    def __init__(self, folder: Path, *, init: bool = True) -> None:
        self.folder = folder
        if init:
            folder.mkdir(parents=True, exist_ok=True)
            self.git("init", "-q", "-b", "main", ".")

    def git(self, *arguments: str, ok: bool = True, **environment: str) -> str:
        Scratch._clock += 1
        when = f"@{Scratch._clock} +0000"
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.folder,
            env={**os.environ, **_QUIET, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, **environment},
            capture_output=True,
            check=False,
        )
        assert not ok or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def commit(self, *, message: str = "x") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def put(self, path: str, text: str | bytes) -> str:
        """Write a file and commit everything."""
        self.write(path, text)
        return self.commit()

    def branch(self, name: str = "feature") -> None:
        self.git("checkout", "-q", "-b", name)

    def check(self, *contracts: str, against: str = "", folder: str = ".", environment=None, **options):
        request = Request(
            contracts, against, folder=str(self.folder / folder), environment=environment or {}, **options
        )
        return check(request)

    def clone(self, to: Path, *options: str) -> Scratch:
        self.git("clone", "-q", *options, f"file://{self.folder}", str(to))
        return Scratch(to, init=False)


def rules(result) -> list[str]:
    """The rules of the findings that fail, of the verdicts that decide."""
    return sorted(
        finding.finding.rule for one in result.deciding for finding in one.verdict.findings if finding.fails
    )


def outcomes(result) -> list[tuple[str, str, str, str]]:
    """(contract, question, outcome, level) of each verdict."""
    return [
        (one.verdict.contract, one.verdict.question.value, one.verdict.outcome.value, str(one.verdict.level))
        for one in result.judged
    ]
