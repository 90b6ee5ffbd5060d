"""The OpenAPI object model as a table: which fields each object has, and what stands in them.

One row per kind of object and series (2.0, 3.0, 3.1, 3.2), in a small notation: `title` is a plain
value, `info=info` an object of that kind, `servers=server[]` a list of them, `schemas=schema{}` a
map by name. Sources: Swagger 2.0 and OpenAPI 3.0.4, 3.1.1, 3.2.0, their "Schema" chapters. Knows
nothing of values: the walk reads this table, and messages take the names of fields from it.
"""

from __future__ import annotations

from enum import Enum
from functools import cache

from apicontract.records import dataclass

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


class Shape(Enum):
    """How the objects of a field stand in it."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that holds objects of a kind; `kind` is empty for a plain value."""

    kind: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of object: its fields; what stands under patterned keys; whether `$ref` may replace it.

    plain: the fields that hold no objects; an object with no others has nothing below it.
    """

    fields: dict[str, Field]
    patterned: str
    referable: bool
    plain: frozenset[str]


_BOUNDS = (
    "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems "
    "minItems uniqueItems maxProperties minProperties required enum type format default description "
)
_SCHEMA_20 = _BOUNDS + (
    "$ref items=schema allOf=schema[] properties=schema{} additionalProperties=schema discriminator readOnly "
    "xml=xml externalDocs=external-docs example"
)
_SCHEMA_30 = _BOUNDS + (
    "not=schema allOf=schema[] oneOf=schema[] anyOf=schema[] items=schema properties=schema{} "
    "additionalProperties=schema nullable discriminator=discriminator readOnly writeOnly example "
    "externalDocs=external-docs deprecated xml=xml"
)
_SCHEMA_31 = _SCHEMA_30.replace("nullable ", "") + (
    " $id $schema $anchor $dynamicAnchor $ref $dynamicRef $vocabulary $comment $defs=schema{} const examples "
    "prefixItems=schema[] contains=schema maxContains minContains patternProperties=schema{} "
    "dependentSchemas=schema{} dependentRequired propertyNames=schema if=schema then=schema else=schema "
    "unevaluatedItems=schema unevaluatedProperties=schema contentEncoding contentMediaType "
    "contentSchema=schema definitions=schema{} additionalItems=schema"
)
_SIMPLE = (
    "type format collectionFormat default multipleOf maximum exclusiveMaximum minimum exclusiveMinimum "
    "maxLength minLength pattern maxItems minItems uniqueItems enum items=items "
)
_METHODS_20 = " ".join(f"{name}=operation" for name in METHODS if name not in {"trace", "query"})
_METHODS_30 = _METHODS_20 + " trace=operation"

_V20 = {
    "document": "swagger info=info host basePath schemes consumes produces paths=paths definitions=schema{} "
    "parameters=parameter{} responses=response{} securityDefinitions=security-scheme{} "
    "security=security-requirement[] tags=tag[] externalDocs=external-docs",
    "info": "title description termsOfService contact=contact license=license version",
    "contact": "name url email",
    "license": "name url",
    "paths": "",
    "path-item": f"{_METHODS_20} parameters=parameter[]",
    "operation": "tags summary description externalDocs=external-docs operationId consumes produces "
    "parameters=parameter[] responses=responses schemes deprecated security=security-requirement[]",
    "parameter": f"name in description required allowEmptyValue schema=schema {_SIMPLE}",
    "items": _SIMPLE,
    "header": f"description {_SIMPLE}",
    "responses": "",
    "response": "description schema=schema headers=header{} examples",
    "schema": _SCHEMA_20,
    "xml": "name namespace prefix attribute wrapped",
    "security-scheme": "type description name in flow authorizationUrl tokenUrl scopes",
    "security-requirement": "",
    "tag": "name description externalDocs=external-docs",
    "external-docs": "description url",
}
_PARAMETER = (
    "name in description required deprecated allowEmptyValue style explode allowReserved schema=schema "
    "content=media-type{} example examples=example{}"
)
_V30 = {
    "document": "openapi info=info servers=server[] paths=paths components=components "
    "security=security-requirement[] tags=tag[] externalDocs=external-docs",
    "info": "title description termsOfService contact=contact license=license version",
    "contact": "name url email",
    "license": "name url",
    "server": "url description variables=server-variable{}",
    "server-variable": "enum default description",
    "components": "schemas=schema{} responses=response{} parameters=parameter{} examples=example{} "
    "requestBodies=request-body{} headers=header{} securitySchemes=security-scheme{} links=link{} "
    "callbacks=callback{}",
    "paths": "",
    "path-item": f"summary description {_METHODS_30} servers=server[] parameters=parameter[]",
    "operation": "tags summary description externalDocs=external-docs operationId parameters=parameter[] "
    "requestBody=request-body responses=responses callbacks=callback{} deprecated "
    "security=security-requirement[] servers=server[]",
    "parameter": _PARAMETER,
    "header": _PARAMETER.removeprefix("name in "),
    "request-body": "description content=media-type{} required",
    "media-type": "schema=schema example examples=example{} encoding=encoding{}",
    "encoding": "contentType headers=header{} style explode allowReserved",
    "responses": "default=response",
    "response": "description headers=header{} content=media-type{} links=link{}",
    "callback": "",
    "example": "summary description value externalValue",
    "link": "operationRef operationId parameters requestBody description server=server",
    "schema": _SCHEMA_30,
    "discriminator": "propertyName mapping",
    "xml": "name namespace prefix attribute wrapped",
    "security-scheme": "type description name in scheme bearerFormat flows=oauth-flows openIdConnectUrl",
    "oauth-flows": "implicit=oauth-flow password=oauth-flow clientCredentials=oauth-flow "
    "authorizationCode=oauth-flow",
    "oauth-flow": "authorizationUrl tokenUrl refreshUrl scopes",
    "security-requirement": "",
    "tag": "name description externalDocs=external-docs",
    "external-docs": "description url",
}
_V31 = _V30 | {
    "document": _V30["document"] + " jsonSchemaDialect webhooks=path-item{}",
    "info": _V30["info"] + " summary",
    "license": "name identifier url",
    "components": _V30["components"] + " pathItems=path-item{}",
    "schema": _SCHEMA_31,
}
_V32 = _V31 | {
    "document": _V31["document"] + " $self",
    "server": _V31["server"] + " name",
    "components": _V31["components"] + " mediaTypes=media-type{}",
    "path-item": _V31["path-item"] + " query=operation additionalOperations=operation{}",
    "media-type": _V31["media-type"] + " description itemSchema=schema prefixEncoding=encoding[] "
    "itemEncoding=encoding",
    "encoding": _V31["encoding"] + " encoding=encoding{} prefixEncoding=encoding[] itemEncoding=encoding",
    "response": _V31["response"] + " summary",
    "example": _V31["example"] + " dataValue serializedValue",
    "discriminator": _V31["discriminator"] + " defaultMapping",
    "xml": _V31["xml"] + " nodeType",
    "security-scheme": _V31["security-scheme"] + " deprecated oauth2MetadataUrl",
    "oauth-flows": _V31["oauth-flows"] + " deviceAuthorization=oauth-flow",
    "oauth-flow": _V31["oauth-flow"] + " deviceAuthorizationUrl",
    "tag": _V31["tag"] + " summary parent kind",
}
_TABLES = {"2.0": _V20, "3.0": _V30, "3.1": _V31, "3.2": _V32}
_PLURALS = frozenset({"paths", "responses", "components", "items", "external-docs"})
_PATTERNED = {"paths": "path-item", "responses": "response", "callback": "path-item"}
_REFERABLE = {
    "2.0": {"path-item", "parameter", "response", "schema"},
    "3.0": {
        "path-item",
        "parameter",
        "response",
        "schema",
        "example",
        "request-body",
        "header",
        "security-scheme",
        "link",
        "callback",
    },
}
_REFERABLE["3.1"] = _REFERABLE["3.0"]
_REFERABLE["3.2"] = _REFERABLE["3.0"] | {"media-type"}


@cache
def object_types(series: str) -> dict[str, ObjectType]:
    """Every kind of object of a series of OpenAPI (`3.0`), by the name of the kind."""
    referable = _REFERABLE[series]
    return {
        kind: _object_type(_fields(row), _PATTERNED.get(kind, ""), referable=kind in referable)
        for kind, row in _TABLES[series].items()
    }


def _object_type(fields: dict[str, Field], patterned: str, *, referable: bool) -> ObjectType:
    plain = frozenset(name for name, field in fields.items() if not field.kind)
    return ObjectType(fields, patterned, referable, plain)


def _fields(row: str) -> dict[str, Field]:
    fields = {}
    for word in row.split():
        name, _, kind = word.partition("=")
        if kind.endswith("[]"):
            fields[name] = Field(kind[:-2], Shape.LIST)
        elif kind.endswith("{}"):
            fields[name] = Field(kind[:-2], Shape.MAP)
        else:
            fields[name] = Field(kind, Shape.ONE)
    return fields


def spoken(kind: str) -> str:
    """A kind as people say it: `path-item` is "path item"."""
    return f"{kind} object" if kind in _PLURALS else kind.replace("-", " ")
