"""The functions of `spectral:oas` that look at schemas, examples and the shape of the document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apicontract.formats.openapi.lint.spectral.functions.schema import check, detected
from apicontract.formats.openapi.lint.spectral.model import Context, Function, Result
from apicontract.formats.openapi.lint.spectral.values import UNDEFINED, is_number, number, printed, text
from apicontract.sources import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from apicontract.formats.openapi.lint.spectral.resolving import Documents
    from apicontract.formats.openapi.load import OpenApi
    from apicontract.sources import Json

    Options = Mapping[str, Json]

_OBJECT = frozenset({"object"})
# References to what stands in the entry document as a component of its version; others may lead out of it.
_COMPONENTS = {
    "2.0": re.compile(r"#/(?:definitions|parameters|responses)/[^/%~]+"),
    "3.0": re.compile(
        r"#/components/(?:schemas|responses|parameters|examples|requestBodies|headers|securitySchemes|links|callbacks)"
        r"/[^/%~]+"
    ),
}
_REQUESTS = (("components", "requestBodies"), ("paths", "*", "*", "requestBody"))
_RESPONSES = (("components", "responses"), ("responses",), ("paths", "*", "*", "responses"))


def _typed_enum(schema: object, _options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(schema, dict)  # noqa: S101  # asked of objects only
    values, types = schema.get("enum"), schema.get("type")
    if not isinstance(values, list) or not (
        isinstance(types, str) or (isinstance(types, list) and all(isinstance(one, str) for one in types))
    ):
        return
    listed = list(types) if isinstance(types, list) else [types]
    nullable = (schema.get("nullable") is True and "oas3_0" in context.formats) or (
        schema.get("x-nullable") is True and "oas2" in context.formats
    )
    listed += ["null"] if nullable else []
    for at, value in enumerate(values):
        if _type_of(value, whole="integer" in listed) not in listed:
            said = f'Enum value {printed(value)} must be "{text(listed)}".'
            yield Result(said, ("enum", str(at)))


def _type_of(value: object, *, whole: bool) -> str:
    if is_number(value):
        return "integer" if whole and number(value).is_integer() else "number"
    names = {str: "string", bool: "boolean", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _discriminator(schema: object, _options: Options, context: Context) -> Iterator[Result]:
    assert isinstance(schema, dict)  # noqa: S101
    name = schema.get("discriminator")
    if not isinstance(name, str):
        return
    properties, required = (
        context.documents.plain(schema.get(key), context.document) for key in ("properties", "required")
    )
    if not isinstance(properties, dict) or name not in properties:
        yield Result("The discriminator property must be defined in this schema.", ("properties",))
    if not isinstance(required, list) or name not in required:
        yield Result("The discriminator property must be in the required property list.", ("required",))


def _siblings(_value: object, _options: Options, context: Context) -> Iterator[Result]:
    above = context.node.holder
    holder = above.value if above is not None else None
    if not isinstance(holder, dict) or len(holder) == 1:
        return
    names = context.path_names()
    for key in holder:
        if key != "$ref":
            yield Result(
                "$ref must not be placed next to any other properties", (*names[:-1], key), absolute=True
            )


def _schema(value: object, options: Options, context: Context) -> Iterator[Result]:
    return check(value, options["schema"], _dialect(context), context, every=False)


def _dialect(context: Context) -> str:
    if not context.formats & {"oas3_1", "oas3_2"}:
        return "draft4"
    root = context.documents.root.value
    named = root.get("jsonSchemaDialect") if isinstance(root, dict) else None
    return (
        detected({"$schema": named})
        if isinstance(named, str) and "json-schema.org" in named
        else "draft2020-12"
    )


def _example(value: object, options: Options, context: Context) -> Iterator[Result]:
    """Notes what is to be checked; it is reported when all of it has been."""
    assert isinstance(value, dict)  # noqa: S101
    version, field = options["oasVersion"], str(options["schemaField"])
    schema = value if field == "$" else context.documents.plain(value.get(field), context.document)
    media = options["type"] == "media"
    flow = ""
    if media:
        names = context.path_names()
        flow = (
            "request"
            if version == 3 and _below(names, _REQUESTS)  # noqa: PLR2004
            else "response"
            if _below(names, _RESPONSES)
            else ""
        )
    items = _media(value, context, version) if media else _plain(value, version)
    report, examples = context.report, context.examples
    for keys, claimed in items:
        if claimed is UNDEFINED:
            yield Result('#{{print("property")}}must exist', keys)
        elif isinstance(schema, dict) and examples is not None:
            examples.claim(
                claimed,  # type: ignore[arg-type]  # a value of a document
                schema,
                context.document,
                flow,
                keys[-1],
                lambda result, keys=keys: report(Result(result.message, (*keys, *result.keys))),  # type: ignore[misc]
            )


def _below(names: tuple[str, ...], tops: tuple[tuple[str, ...], ...]) -> bool:
    return any(
        len(names) >= len(top) and all(one in ("*", name) for one, name in zip(top, names, strict=False))
        for top in tops
    )


def _plain(value: dict[str, Json], version: Json) -> Iterator[tuple[tuple[str, ...], object]]:
    for field in ("example", "x-example", "default") if version == 2 else ("example", "default"):  # noqa: PLR2004
        if field in value:
            yield (field,), value[field]


def _media(
    value: dict[str, Json], context: Context, version: Json
) -> Iterator[tuple[tuple[str, ...], object]]:
    if version == 3 and "example" in value:  # noqa: PLR2004
        yield ("example",), value["example"]
        return
    listed = context.documents.plain(value.get("examples"), context.document)
    if isinstance(listed, list):
        listed = {str(at): one for at, one in enumerate(listed)}
    for name, raw in listed.items() if isinstance(listed, dict) else ():
        one = context.documents.plain(raw, context.document)
        if version == 2:  # noqa: PLR2004
            yield ("examples", name), one
        elif isinstance(one, dict) and "externalValue" not in one:
            yield ("examples", name, "value"), one.get("value", UNDEFINED)


def _document(_root: object, _options: Options, context: Context) -> Iterator[Result]:
    """What validation finds wrong with the structure."""
    from apicontract.formats.openapi.validate.structure import check_structure
    from apicontract.formats.openapi.validate.view import View

    assert context.contract is not None  # noqa: S101  # every run has one
    if _is_plainly_valid(context.contract, context.documents):
        return
    for found in check_structure(View(context.contract)):
        if found.place.document is context.documents.root:
            yield Result(found.message.rstrip("."), tuple(split(found.place.pointer)), place=found.place)


def _is_plainly_valid(contract: OpenApi, documents: Documents) -> bool:
    """Whether the entry document is all there is to look at, and valid.

    That is so where every reference is to a component: nothing stands outside of what the meta-schema sees.
    OpenAPI 3.1 and later have dialects.
    """
    from apicontract.formats.openapi.validate import metaschemas

    component = _COMPONENTS.get(contract.series)
    if component is None or not all(component.fullmatch(ref) for _, ref in documents.texts()):
        return False
    try:
        return metaschemas.document_validator(contract.series).is_valid(documents.root.value)
    except (ValueError, RecursionError, OverflowError):
        return False


OPENAPI = (
    Function("typedEnum", _typed_enum, _OBJECT),
    Function("oasDiscriminator", _discriminator, _OBJECT),
    Function("refSiblings", _siblings),
    Function("oasSchema", _schema),
    Function("oasExample", _example, _OBJECT),
    Function("oasDocumentSchema", _document),
)
