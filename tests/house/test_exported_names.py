"""The public API: what is exported is what is documented, and importing it costs nothing."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import apicontract

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
HEAVY = (
    "typer",
    "click",
    "rich",
    "jinja2",
    "jsonschema",
    "jsonschema_rs",
    "openapi_spec_validator",
    "pydantic",
    "msgspec",
    "yaml",
)


@pytest.mark.parametrize("name", apicontract.__all__)
def test_every_exported_name_exists_and_is_documented(name):
    assert getattr(apicontract, name) is not None
    assert re.search(rf"`{name}[`(]", PAGE)


def test_every_documented_function_has_the_documented_signature():
    for name, parameters in re.findall(r"^\| `(\w+)\((.*?)\)` \|", PAGE, re.MULTILINE):
        signature = inspect.signature(getattr(apicontract, name))
        said = [
            part.split("=")[0].strip(" *") for part in parameters.split(",") if part.strip() not in ("", "*")
        ]
        assert said == list(signature.parameters), name


def test_every_documented_field_exists():
    for names, cell in re.findall(
        r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$", PAGE.split("## Results")[1], re.MULTILINE
    ):
        kinds = [getattr(apicontract, name) for name in re.findall(r"`(\w+)`", names)]
        if len(kinds) > 1:
            continue
        known = {name for name, _ in inspect.getmembers(kinds[0])} | set(apicontract.__all__)
        assert set(re.findall(r"`(\w+)`", cell)) <= known


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = apicontract.nothing


def _modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stderr.split()}


def test_importing_the_package_imports_nothing_of_weight():
    assert not _modules_after("import apicontract") & set(HEAVY)


def test_asking_for_the_version_imports_nothing_of_weight():
    code = "sys.argv = ['apicontract', '--version']\nfrom apicontract.cli.main import main\ntry: main()\nexcept SystemExit as end: assert not end.code"
    loaded = _modules_after(code)
    assert "apicontract" in loaded
    assert not loaded & set(HEAVY)


def test_a_comparison_imports_no_heavy_module_that_it_does_not_need():
    code = (
        "import apicontract\n"
        f"old, new = {str(ROOT / 'examples/orders-v1.yaml')!r}, {str(ROOT / 'examples/orders-v2.yaml')!r}\n"
        "assert apicontract.diff(old, new).required_version == '2.0.0'"
    )
    assert not _modules_after(code) & {
        "typer",
        "rich",
        "jinja2",
        "jsonschema",
        "openapi_spec_validator",
        "pydantic",
    }
