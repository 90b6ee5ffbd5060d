"""Names and paths taken apart."""

from __future__ import annotations

import pytest

from apicontract.findings import CASES, DEFAULT_SETTINGS
from apicontract.formats.openapi.lint import addresses
from apicontract.formats.openapi.lint.words import is_plural, snake, styles, usual_style, words, written


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("createdAt", ["created", "at"]),
        ("created-at", ["created", "at"]),
        ("HTMLPage", ["html", "page"]),
        ("userID2", ["user", "id2"]),
        ("page[size]", ["page", "size"]),
        ("_links", ["links"]),
        ("+1", ["1"]),
        ("", []),
    ],
)
def test_words(name: str, parts: list[str]) -> None:
    assert list(words(name)) == parts
    assert snake(name) == "_".join(parts)


@pytest.mark.parametrize("case", CASES)
def test_what_is_written_in_a_style_fits_it(case: str) -> None:
    assert case in styles(written("salesOrderLine", case))


def test_one_lower_word_fits_all_styles_that_begin_so() -> None:
    assert styles("orders") == {"flatcase", "camelCase", "kebab-case", "snake_case"}


@pytest.mark.parametrize(
    ("names", "case"),
    [
        (["a_b", "c_d", "eF"], "snake_case"),
        (["a_b", "eF"], ""),
        (["orders", "lines"], ""),
        (["a_b", "orders", "lines"], "snake_case"),
        ([], ""),
        (["Order", "Invoice", "Customer"], "PascalCase"),
        (["OPEN", "PAID"], "UPPER_SNAKE_CASE"),
        (["Open", "PAID"], "PascalCase"),
    ],
)
def test_usual_style_needs_more_than_half_of_the_names_that_tell(names: list[str], case: str) -> None:
    assert usual_style(names, 0.5) == case


@pytest.mark.parametrize(
    "name", ["orders", "people", "sales-news", "following", "codes_of_conduct", "analytics"]
)
def test_plural(name: str) -> None:
    assert is_plural(name, DEFAULT_SETTINGS.uncountable)


@pytest.mark.parametrize("name", ["order", "address", "status", "bus", "analysis", "point-of-sales"])
def test_singular(name: str) -> None:
    assert not is_plural(name, DEFAULT_SETTINGS.uncountable)


def test_paths() -> None:
    path = "/v1/orders/{id}/lines/{line}:cancel"
    assert addresses.segments(path) == ("v1", "orders", "{id}", "lines", "{line}:cancel")
    assert addresses.resources(path) == ("orders", "{id}", "lines", "{line}")
    assert addresses.custom_method(path) == "cancel"
    assert addresses.variables(path) == ["id", "line"]
    assert addresses.shape(path) == "/v1/orders/{}/lines/{}:cancel"
    assert addresses.collection("/orders/{id}") == "/orders"
    assert addresses.collection(path) == addresses.collection("/orders") == addresses.collection("/") == ""


@pytest.mark.parametrize(
    ("segment", "version"),
    [
        ("v1", (1, None, "")),
        ("V2", (2, None, "")),
        ("v1.2", (1, 2, "")),
        ("v1beta1", (1, None, "beta1")),
        ("v1p1beta1", None),
        ("vat", None),
        ("v2ray", None),
    ],
)
def test_versions(segment: str, version: tuple[int, int | None, str] | None) -> None:
    assert addresses.version(segment) == version


@pytest.mark.parametrize(
    "url", ["http://localhost:80/", "https://10.1.2.3", "http://api.local", "http://[::1]/v1"]
)
def test_local(url: str) -> None:
    assert addresses.is_local(url)


@pytest.mark.parametrize(
    "url", ["https://api.acme.com", "/v1", "http://[", "https://110.1.2.3", "https://172.40.0.1"]
)
def test_not_local(url: str) -> None:
    assert not addresses.is_local(url)
