"""The rules of `spectral:oas` by name: what they look at, by which function, and what they say.

Facts of Spectral 6.16 (@stoplight/spectral-rulesets 1.23, "OpenAPI Rules" of its documentation); the words
are Spectral's, so that a report says the same. The shape is that of a ruleset file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

URL = "https://meta.stoplight.io/docs/spectral/docs/reference/openapi-rules.md"
FORMATS = ["oas2", "oas3", "oas3.0", "oas3.1", "oas3.2"]
ALIASES: dict[str, Any] = {
    "PathItem": ["$.paths[*]"],
    "OperationObject": ["#PathItem[get,put,post,delete,options,head,patch,trace]"],
    "SecurityRequirementObject": ["$.security[*]", "#OperationObject.security[*]"],
    "ResponseObject": {
        "targets": [
            {"formats": ["oas2"], "given": ["#OperationObject.responses[*]", "$.responses[*]"]},
            {"formats": ["oas3"], "given": ["#OperationObject.responses[*]", "$.components.responses[*]"]},
        ]
    },
    "LinkObject": {
        "targets": [{"formats": ["oas3"], "given": ["$.components.links[*]", "#ResponseObject.links[*]"]}]
    },
    "ArrayProperties": {
        "targets": [
            {"formats": ["oas2", "oas3.0"], "given": ["$..[?(@ && @.type=='array')]"]},
            {
                "formats": ["oas3.1", "oas3.2"],
                "given": [
                    "$..[?(@ && @.type=='array')]",
                    "$..[?(@ && @.type && @.type.constructor.name === 'Array' && @.type.includes('array'))]",
                ],
            },
        ]
    },
}
_OPERATION, _OAS2, _OAS3 = "#OperationObject", ["oas2"], ["oas3"]
_WEBHOOKS = ["oas3.1", "oas3.2"]
_ERROR = "{{error}}"
_FITS = "Examples must be valid against their defined schema."
_CLAIMS = "(@.enum || @.type || @.format || @.$ref || @.properties || @.items)"
_OLD = (
    "[?(@property !== 'properties' && @ && (@.example !== void 0 || @['x-example'] !== void 0 || @.default !== void 0)"
    f" && {_CLAIMS})]"
)
_NEW = f"[?(@property !== 'properties' && @ && (@.example !== void 0 || @.default !== void 0) && {_CLAIMS})]"
_MEDIA = "[?(@ && @.schema && (@.example !== void 0 || @.examples))]"


def _then(function: str, field: str | None = None, **options: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"function": function}
    if field:
        said["field"] = field
    if options:
        said["functionOptions"] = options
    return said


def _rule(  # one parameter per field
    description: str,
    given: str | list[str],
    then: dict[str, Any] | Sequence[dict[str, Any]],
    *,
    message: str = "",
    severity: str = "warn",
    formats: list[str] | None = None,
    recommended: bool = True,
    resolved: bool = True,
) -> dict[str, Any]:
    said = {"description": description, "message": message, "formats": formats}
    return {
        **{key: value for key, value in said.items() if value},
        "given": given,
        "then": then,
        "severity": severity,
        "recommended": recommended,
        "resolved": resolved,
    }


def _listed(field: str, **items: str) -> dict[str, Any]:
    schema = {"type": "array", "minItems": 1, **({"items": items} if items else {})}
    return _then("schema", field, dialect="draft7", schema=schema)


def _fits(kind: str, version: int, field: str) -> dict[str, Any]:
    return _then("oasExample", schemaField=field, oasVersion=version, type=kind)


RULES: dict[str, dict[str, Any]] = {
    "operation-success-response": _rule(
        'Operation must have at least one "2xx" or "3xx" response.',
        _OPERATION,
        _then("oasOpSuccessResponse", "responses"),
    ),
    "oas2-operation-formData-consume-check": _rule(
        'Operations with "in: formData" parameter must include "application/x-www-form-urlencoded" or "multipart/form-data" in their "consumes" property.',
        _OPERATION,
        _then("oasOpFormDataConsumeCheck"),
        formats=_OAS2,
    ),
    "operation-operationId-unique": _rule(
        'Every operation must have unique "operationId".', "$.paths", _then("oasOpIdUnique"), severity="error"
    ),
    "operation-parameters": _rule(
        "Operation parameters are unique and non-repeating.",
        "#OperationObject.parameters",
        _then("oasOpParams"),
        message=_ERROR,
    ),
    "operation-tag-defined": _rule(
        "Operation tags must be defined in global tags.", "$", _then("oasTagDefined")
    ),
    "path-params": _rule(
        "Path parameters must be defined and valid.",
        "$.paths",
        _then("oasPathParam"),
        message=_ERROR,
        severity="error",
    ),
    "contact-properties": _rule(
        'Contact object must have "name", "url" and "email".',
        "$.info.contact",
        [_then("truthy", field) for field in ("name", "url", "email")],
        recommended=False,
    ),
    "duplicated-entry-in-enum": _rule(
        "Enum values must not have duplicate entry.",
        "$..[?(@property !== 'properties' && @ != null && @.enum && @.enum.constructor.name === 'Array')]",
        _then("oasSchema", "enum", schema={"type": "array", "uniqueItems": True}),
        message=_ERROR,
    ),
    "info-contact": _rule('Info object must have "contact" object.', "$", _then("truthy", "info.contact")),
    "info-description": _rule(
        'Info "description" must be present and non-empty string.', "$", _then("truthy", "info.description")
    ),
    "info-license": _rule(
        'Info object must have "license" object.', "$", _then("truthy", "info.license"), recommended=False
    ),
    "license-url": _rule(
        'License object must include "url".', "$", _then("truthy", "info.license.url"), recommended=False
    ),
    "no-eval-in-markdown": _rule(
        'Markdown descriptions must not have "eval(".',
        "$..[description,title]",
        _then("pattern", notMatch="eval\\("),
    ),
    "no-script-tags-in-markdown": _rule(
        'Markdown descriptions must not have "<script>" tags.',
        "$..[description,title]",
        _then("pattern", notMatch="<script"),
    ),
    "openapi-tags-alphabetical": _rule(
        'OpenAPI object must have alphabetical "tags".',
        "$",
        _then("alphabetical", "tags", keyedBy="name"),
        recommended=False,
    ),
    "openapi-tags-uniqueness": _rule(
        "Each tag must have a unique name.",
        "$.tags",
        _then("uniquenessTags"),
        message=_ERROR,
        severity="error",
    ),
    "openapi-tags": _rule(
        'OpenAPI object must have non-empty "tags" array.', "$", _listed("tags"), recommended=False
    ),
    "operation-description": _rule(
        'Operation "description" must be present and non-empty string.',
        _OPERATION,
        _then("truthy", "description"),
    ),
    "operation-operationId": _rule(
        'Operation must have "operationId".', _OPERATION, _then("truthy", "operationId")
    ),
    "operation-operationId-valid-in-url": _rule(
        "",
        _OPERATION,
        _then("pattern", "operationId", match="^[A-Za-z0-9-._~:/?#\\[\\]@!\\$&'()*+,;=]*$"),
        message="operationId must not contain characters that are invalid when used in URL.",
    ),
    "operation-singular-tag": _rule(
        "Operation must not have more than a single tag.",
        _OPERATION,
        _then("length", "tags", max=1),
        recommended=False,
    ),
    "operation-tags": _rule('Operation must have non-empty "tags" array.', _OPERATION, _listed("tags")),
    "path-declarations-must-exist": _rule(
        "",
        "$.paths",
        _then("pattern", "@key", notMatch="{}"),
        message='Path parameter declarations must not be empty, ex."/given/{}" is invalid.',
    ),
    "path-keys-no-trailing-slash": _rule(
        "", "$.paths", _then("pattern", "@key", notMatch=".+\\/$"), message="Path must not end with slash."
    ),
    "path-not-include-query": _rule(
        "Path must not include query string.", "$.paths", _then("pattern", "@key", notMatch="\\?")
    ),
    "tag-description": _rule(
        'Tag object must have "description".', "$.tags[*]", _then("truthy", "description"), recommended=False
    ),
    "no-$ref-siblings": _rule(
        "Property must not be placed among $ref",
        "$..[?(@property === '$ref')]",
        _then("refSiblings"),
        message=_ERROR,
        severity="error",
        formats=["oas2", "oas3.0"],
        resolved=False,
    ),
    "array-items": _rule(
        "",
        "#ArrayProperties",
        _then("truthy", "items"),
        message='Schemas with "type: array", require a sibling "items" field',
        severity="error",
        resolved=False,
    ),
    "typed-enum": _rule(
        "Enum values must respect the specified type.",
        "$..[?(@ && @.enum && @.type)]",
        _then("typedEnum"),
        message=_ERROR,
    ),
    "oas2-api-host": _rule(
        'OpenAPI "host" must be present and non-empty string.', "$", _then("truthy", "host"), formats=_OAS2
    ),
    "oas2-api-schemes": _rule(
        'OpenAPI host "schemes" must be present and non-empty array.',
        "$",
        _listed("schemes", type="string"),
        formats=_OAS2,
    ),
    "oas2-discriminator": _rule(
        "discriminator property must be defined and required",
        "$.definitions[?(@ && @.discriminator)]",
        _then("oasDiscriminator"),
        message=_ERROR,
        severity="error",
        formats=_OAS2,
    ),
    "oas2-host-not-example": _rule(
        "Host URL must not point at example.com.",
        "$",
        _then("pattern", "host", notMatch="example\\.com"),
        formats=_OAS2,
        recommended=False,
    ),
    "oas2-host-trailing-slash": _rule(
        "Server URL must not have trailing slash.",
        "$",
        _then("pattern", "host", notMatch="/$"),
        formats=_OAS2,
    ),
    "oas2-parameter-description": _rule(
        'Parameter objects must have "description".',
        "$..parameters[?(@ && @.in)]",
        _then("truthy", "description"),
        formats=_OAS2,
        recommended=False,
    ),
    "oas2-operation-security-defined": _rule(
        'Operation "security" values must match a scheme defined in the "securityDefinitions" object.',
        "#SecurityRequirementObject",
        _then("oasSecurityDefined", oasVersion=2),
        message=_ERROR,
        formats=_OAS2,
    ),
    "oas2-valid-schema-example": _rule(
        _FITS,
        [f"$..{part}..{_OLD}" for part in ("definitions", "parameters", "responses")],
        _fits("schema", 2, "$"),
        message=_ERROR,
        severity="error",
        formats=_OAS2,
    ),
    "oas2-valid-media-example": _rule(
        _FITS,
        "$..responses..[?(@ && @.schema && @.examples)]",
        _fits("media", 2, "schema"),
        message=_ERROR,
        severity="error",
        formats=_OAS2,
    ),
    "oas2-anyOf": _rule(
        "anyOf is not available in OpenAPI v2, it was added in OpenAPI v3",
        "$..anyOf",
        _then("undefined"),
        message='"anyOf" keyword must not be used in OpenAPI v2 document.',
        formats=_OAS2,
    ),
    "oas2-oneOf": _rule(
        "oneOf is not available in OpenAPI v2, it was added in OpenAPI v3",
        "$..oneOf",
        _then("undefined"),
        message='"oneOf" keyword must not be used in OpenAPI v2 document.',
        formats=_OAS2,
    ),
    "oas2-schema": _rule(
        "Validate structure of OpenAPI v2 specification.",
        "$",
        _then("oasDocumentSchema"),
        message="{{error}}.",
        severity="error",
        formats=_OAS2,
        resolved=False,
    ),
    "oas2-unused-definition": _rule(
        "Potentially unused definition has been detected.",
        "$.definitions",
        _then("unreferencedReusableObject", reusableObjectsLocation="#/definitions"),
        formats=_OAS2,
        resolved=False,
    ),
    "oas3-api-servers": _rule(
        'OpenAPI "servers" must be present and non-empty array.',
        "$",
        _listed("servers", type="object"),
        formats=_OAS3,
    ),
    "oas3-examples-value-or-externalValue": _rule(
        'Examples must have either "value" or "externalValue" field.',
        [
            "$.components.examples[*]",
            "$.paths[*][*]..content[*].examples[*]",
            "$.paths[*][*]..parameters[*].examples[*]",
            "$.components.parameters[*].examples[*]",
            "$.paths[*][*]..headers[*].examples[*]",
            "$.components.headers[*].examples[*]",
        ],
        _then("xor", properties=["externalValue", "value"]),
        formats=_OAS3,
    ),
    "oas3-operation-security-defined": _rule(
        'Operation "security" values must match a scheme defined in the "components.securitySchemes" object.',
        "#SecurityRequirementObject",
        _then("oasSecurityDefined", oasVersion=3),
        message=_ERROR,
        formats=_OAS3,
    ),
    "oas3-parameter-description": _rule(
        'Parameter objects must have "description".',
        [
            "#PathItem.parameters[?(@ && @.in)]",
            "#OperationObject.parameters[?(@ && @.in)]",
            "$.components.parameters[?(@ && @.in)]",
        ],
        _then("truthy", "description"),
        formats=_OAS3,
        recommended=False,
    ),
    "oas3-server-not-example.com": _rule(
        "Server URL must not point at example.com.",
        "$.servers[*].url",
        _then("pattern", notMatch="example\\.com"),
        formats=_OAS3,
        recommended=False,
    ),
    "oas3-server-trailing-slash": _rule(
        "Server URL must not have trailing slash.",
        "$.servers[*].url",
        _then("pattern", notMatch="./$"),
        formats=_OAS3,
    ),
    "oas3-valid-media-example": _rule(
        _FITS,
        [f"$..{part}..{_MEDIA}" for part in ("content", "headers", "parameters")],
        _fits("media", 3, "schema"),
        message=_ERROR,
        severity="error",
        formats=_OAS3,
    ),
    "oas3-valid-schema-example": _rule(
        _FITS,
        [
            f"{start}..{_NEW}"
            for start in ("$.components.schemas", "$..content", "$..headers", "$..parameters")
        ],
        _fits("schema", 3, "$"),
        message=_ERROR,
        severity="error",
        formats=_OAS3,
    ),
    "oas3-schema": _rule(
        "Validate structure of OpenAPI v3 specification.",
        "$",
        _then("oasDocumentSchema"),
        message="{{error}}.",
        severity="error",
        formats=_OAS3,
        resolved=False,
    ),
    "oas3-unused-component": _rule(
        "",
        "$",
        _then("oasUnusedComponent"),
        message="Potentially unused component has been detected.",
        formats=_OAS3,
        resolved=False,
    ),
    "oas3-server-variables": _rule(
        "Server variables must be defined and valid and there must be no unused variables.",
        ["$.servers[*]", "#PathItem.servers[*]", "#OperationObject.servers[*]", "#LinkObject.server"],
        _then("serverVariables", checkSubstitutions=True, requireDefault=True),
        message=_ERROR,
        severity="error",
    ),
    "oas3-callbacks-in-callbacks": _rule(
        "",
        "#OperationObject.callbacks[*][*][*].callbacks",
        _then("undefined"),
        message="Callbacks should not be defined within a callback",
        formats=_OAS3,
    ),
    "oas3_1-servers-in-webhook": _rule(
        "",
        ["$.webhooks.servers", "$.webhooks[*][*].servers"],
        _then("undefined"),
        message="Servers should not be defined in a webhook.",
        formats=_WEBHOOKS,
    ),
    "oas3_1-callbacks-in-webhook": _rule(
        "",
        "$.webhooks[*][*].callbacks",
        _then("undefined"),
        message="Callbacks should not be defined in a webhook.",
        formats=_WEBHOOKS,
    ),
    "oas3_2-no-deprecated-xml-attribute": _rule(
        "",
        "$..[?(@ && @.xml)].xml",
        _then(
            "schema",
            schema={"not": {"properties": {"attribute": {"const": True}}, "required": ["attribute"]}},
        ),
        message='"xml.attribute" is deprecated in OAS 3.2; use "xml.nodeType: attribute" instead.',
        formats=["oas3.2"],
    ),
}
RULESET: dict[str, Any] = {"formats": FORMATS, "aliases": ALIASES, "rules": RULES, "documentationUrl": URL}
