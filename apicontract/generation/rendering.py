"""Templates: where they are, whose go first, and how text of a contract gets into code.

Whatever a contract says reaches Python only through `pystr` (a literal), `docstring` and `comment`, and its
names only as `names.py` gives them. Knows no format and no target.
"""

from __future__ import annotations

import os
import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from apicontract.sources import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import Environment

_WIDTH = 88  # columns, as the code around it
CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]"
)


def root() -> Path:
    """The folder of the templates: beside the package in a checkout, inside it once it is installed."""
    package = Path(str(resources.files("apicontract")))
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Templates:
    """The templates of a target, with those of the user's folder in the place of ours.

    target: their folder below `templates/` (`rest/client`). overrides: the user's folder, which holds files
    of the same names; ContractError if it does not exist or has a template that we do not know.
    """

    def __init__(self, target: str, overrides: str = "") -> None:
        self.target = target
        self.overrides = overrides
        self._environment: Environment | None = None
        if overrides:
            if not os.path.isdir(overrides):  # noqa: PTH112  # a path as the user wrote it
                raise ContractError("there is no such folder of templates", file=overrides)
            known = set(self.names())
            for path in sorted(Path(overrides).rglob("*.j2")):
                name = path.relative_to(overrides).as_posix()
                if name.startswith(f"{target}/") and name not in known:
                    hint = f"templates of this target are {', '.join(sorted(known))}"
                    raise ContractError(f"no template is called {name}", file=str(path), hint=hint)

    def names(self) -> Iterator[str]:
        """The templates that the target has, as they are called below the folder of templates."""
        for path in sorted((root() / self.target).rglob("*.j2")):
            yield path.relative_to(root()).as_posix()

    def sources(self) -> Iterator[tuple[str, bytes]]:
        """Every template with its bytes: what the result depends on."""
        for name in self.names():
            for folder in (self.overrides, root()):
                path = Path(folder) / name
                if folder and path.is_file():
                    yield name, path.read_bytes()
                    break

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """The text of a template (`rest/client/client.py.j2`). ContractError if a user's is wrong."""
        import jinja2

        try:
            return self._made().get_template(name).render(values)
        except jinja2.TemplateSyntaxError as error:
            raise ContractError(
                f"this template cannot be read: {error.message}",
                file=error.filename or error.name or name,
                line=error.lineno,
                column=1,
            ) from None
        except jinja2.TemplateError as error:
            if not self.overrides:
                raise
            raise ContractError(f"this template cannot be rendered: {error}", file=name) from None

    def _made(self) -> Environment:
        if self._environment is None:
            import jinja2

            folders = [self.overrides, str(root())] if self.overrides else [str(root())]
            self._environment = jinja2.Environment(
                loader=jinja2.FileSystemLoader(folders),
                undefined=jinja2.StrictUndefined,
                autoescape=False,  # noqa: S701  # Python, whose texts go through the filters below
                auto_reload=False,
                keep_trailing_newline=True,
                trim_blocks=True,
                lstrip_blocks=True,
            )
            self._environment.filters |= {"pystr": pystr, "docstring": docstring, "comment": comment}
        return self._environment


def pystr(value: object) -> str:
    """A Python literal of plain values: texts in ASCII, lists, dicts, numbers, True, None."""
    if isinstance(value, str):
        return ascii(value)
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{pystr(key)}: {pystr(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{pystr(item)}, " for item in value).rstrip() + ")"
    if isinstance(value, list | set | frozenset):
        listed = sorted(value) if isinstance(value, set | frozenset) else value
        return "[" + ", ".join(pystr(item) for item in listed) + "]"
    raise TypeError(type(value).__name__)


def plain(text: str) -> str:
    """Text without control characters and without signs that turn the direction of reading."""
    return CONTROLS.sub(" ", text)


def docstring(text: object, indent: int = 4) -> str:
    """A docstring that says the text, wrapped; whatever it holds, it stays one."""
    import textwrap

    said = plain(str(text)).replace("\\", "\\\\").replace('"""', "'''").strip()
    if not said:
        return '"""Not described."""'
    if said.endswith('"'):
        said = f'{said[:-1]}\\"'
    lines: list[str] = []
    for paragraph in said.splitlines():
        quotes = "" if lines else "   "  # the first line begins with them
        wrapped = textwrap.wrap(
            paragraph.rstrip(),
            _WIDTH - indent,
            initial_indent=quotes,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [line[len(quotes) :] if not at else line for at, line in enumerate(wrapped)] or [""]
    space = " " * indent
    if len(lines) <= 1:
        return f'"""{lines[0] if lines else ""}"""'
    return '"""' + f"\n{space}".join(lines).replace(f"\n{space}\n", "\n\n") + f'\n{space}"""'


def comment(text: object) -> str:
    """The text as comment of one line."""
    return "# " + " ".join(plain(str(text)).split())
