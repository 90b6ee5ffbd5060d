"""Python files as they are written: imports of what they name, one style, one header.

ruff formats: fast, and the same on every machine for the version that is pinned. Knows no template.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

IMPORTS = "# imports of what this module names"
_LINE = "88"  # what ruff itself takes where nothing says otherwise
_ORDERED = "I,RUF022,RUF100"  # imports and lists of names in order, and no word to a linter that is not asked


def with_imports(text: str, sources: Mapping[str, str], file: str) -> str:
    """The text with its marker replaced by the imports of those names that it uses.

    sources: the module that each name is imported from; nothing for a whole module (`httpx`).
    ContractError where the text is no Python, which only a user's template can bring about.
    """
    wanted: dict[str, set[str]] = {}
    modules: set[str] = set()
    for name in names_in(text, file) & sources.keys():
        if not sources[name]:
            modules.add(name)
        else:
            wanted.setdefault(sources[name], set()).add(name)
    lines = [f"import {name}" for name in sorted(modules)]
    order = sorted(
        wanted, key=lambda module: (module.startswith("."), module.startswith(".") and -_dots(module), module)
    )
    lines += [f"from {module} import {', '.join(sorted(wanted[module]))}" for module in order]
    return text.replace(IMPORTS, "\n".join(lines), 1)


def _dots(module: str) -> int:
    return len(module) - len(module.lstrip("."))


def names_in(text: str, file: str) -> set[str]:
    """The names of its own or other modules that a module's code uses, those in annotations included."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ContractError(
            f"what this template gives is no Python: {error.msg}", file=file, line=error.lineno or 0, column=1
        ) from None
    found: set[str] = set()
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, hidden = waiting.pop()
        if isinstance(node, ast.Name) and node.id not in hidden:
            found.add(node.id)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
            waiting += [(one, hidden | own) for one in node.body]
            waiting += [(one, hidden) for one in (node.args, *node.decorator_list, node.returns) if one]
        else:
            waiting += [(one, hidden) for one in ast.iter_child_nodes(node)]
    return found


def formatted(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files, by path, as ruff formats them; those that are no Python as they are."""
    with tempfile.TemporaryDirectory(prefix="apicontract-") as scratch:
        top = Path(scratch)
        for path, text in files.items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_text(text, encoding="utf-8", newline="\n")
        if any(path.endswith(".py") for path in files):
            common = [
                "--quiet",
                "--isolated",
                "--no-cache",
                "--line-length",
                _LINE,
                "--target-version",
                "py311",
            ]
            _ruff(
                [
                    "check",
                    *common,
                    "--extend-select",
                    _ORDERED,
                    "--fixable",
                    _ORDERED,
                    "--fix",
                    "--exit-zero",
                ],
                top,
            )
            _ruff(["format", *common[1:]], top)  # --quiet would hide what is wrong
        return {path: (top / path).read_bytes() for path in files}


def _ruff(arguments: Iterable[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603  # ruff, as it is installed beside us
        [sys.executable, "-m", "ruff", *arguments, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.replace(f"{folder}/", "").strip()
        raise ContractError(
            f"ruff cannot format what was generated: {said[-500:]}", hint="a template of yours?"
        )
