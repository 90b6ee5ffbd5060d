"""Validate accepts and rejects what openapi-spec-validator accepts and rejects, but for what is listed here.

Tables hold every disagreement with its reason: rules that are stricter than the reference, what is
only a warning, mistakes of the reference that validate does not repeat, and documents of each kind.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from apicontract.findings import Severity
from apicontract.formats.openapi.validate.rules import RULES
from apicontract.sources import read

from .mutations import mutate
from .peer import rejects

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.yaml"))
MISTAKES = 40  # per document

# Rules by which validate rejects what the reference accepts: why.
STRICTER = {
    "component-name-invalid": "3.0.3, Components Object: names MUST match a pattern; the meta-schema of 3.0 forgets it",
    "schema-dialect-unknown": "the reference looks at the dialect only where it looks at a schema",
    "reference-unresolved": "the reference follows only references that it walks over; it never looks at request bodies",
    "reference-wrong-kind": "what a reference leads to must be what it stands for; the reference does not look",
    "reference-circular": "there is no object at the end; the reference follows it only in some places",
    "path-parameter-repeated": "3.1.1, Path Templating: a name MUST NOT appear more than once",
    "paths-equivalent": "3.0.3, Paths Object: templates that differ only in names MUST NOT both exist",
    "path-has-query": "a path is matched without the query",
    "path-template-malformed": "3.0.3, Path Templating: braces mark parameters",
    "server-url-malformed": "3.0.3, Server Object: a URL",
    "enum-duplicate": "JSON Schema draft 4, section 5.5.1: elements MUST be unique; the meta-schema of 2.0 forgets some",
    "server-variable-repeated": "3.2.0, Server Object: MUST NOT appear more than once",
    "querystring-not-alone": "3.2.0, Parameter Locations: not with `in: query`, in the operation or its path item",
    "malformed-value": "fields that MUST be URIs or e-mail addresses; the reference looks at some, by version",
    "discriminator-property-undeclared": "2.0, Schema Object: MUST be defined at this schema",
    "discriminator-property-optional": "2.0, Schema Object: MUST be required; 3.2.0: or there is a `defaultMapping`",
    "server-variable-undeclared": "3.0.3, Server Object: variables name what stands in braces",
    "server-variable-default-not-in-enum": "3.1.1, Server Variable Object: the value MUST exist in the enum",
    "header-name-invalid": "RFC 9110, section 5.1: a header's name is a token",
    "media-type-invalid": "3.0.3, Media Types: RFC 6838 names",
    "fields-exclude-each-other": "3.1.1: `example` and `examples` are mutually exclusive, as `value` and `externalValue`",
    "runtime-expression-invalid": "3.0.3, Runtime Expressions: the ABNF there",
    "link-operation-unknown": "3.0.3, Link Object: an existing operation",
    "link-parameter-unknown": "3.0.3, Link Object: names of parameters of that operation",
    "operation-id-duplicate": "3.0.3, Operation Object: unique among ALL operations; the reference skips callbacks and webhooks",
    "security-scheme-undefined": "3.0.3, Security Requirement Object: each name MUST be declared",
    "security-scope-undefined": "3.0.3, Security Requirement Object: scopes of the scheme",
    "security-scopes-misplaced": "3.0.3, Security Requirement Object: for other types the array MUST be empty",
    "discriminator-mapping-unresolved": "3.0.3, Discriminator Object: names or references of schemas",
    "exclusive-without-bound": "JSON Schema draft 4, section 5.1: the bound MUST be present; the reference sees only some schemas",
    "pattern-invalid": "ECMA-262; the reference does not look at `patternProperties` and request bodies",
    "array-without-items": "3.0.3, Schema Object: `items` MUST be present if the type is array",
    "read-only-and-write-only": "3.0.3, Schema Object: MUST NOT both be true",
    "default-mismatch": "the reference checks the defaults of components, parameters and responses only",
    "path-parameter-undeclared": "the reference does not look at it once a path item is a reference",
    "body-parameter-repeated": "2.0, Parameter Object: there can be only one body parameter",
    "body-and-form-data": "2.0, Parameter Object: body and form parameters cannot exist together",
    "file-parameter-consumes": "2.0, Parameter Object: `consumes` MUST be a form",
    "response-missing": "3.0.3, Responses Object: MUST contain at least one response code; extensions are none",
    "status-code-invalid": "RFC 9110, section 15: 100 to 599; the meta-schema of 2.0 lets every three digits pass",
    "parameter-duplicate": "3.0.3, Operation Object: unique; names of headers have no case",
    "wrong-size": "JSON Schema: `allOf` and the like MUST have a branch; the reference sees only some schemas",
    # In OpenAPI 3.1 and later the meta-schema leaves Schema Objects to their dialect; the reference applies
    # it to components, parameters and responses, and validate to every schema.
    "wrong-type": "a schema of 3.1 in a request body, a header or a webhook",
    "value-not-allowed": "a schema of 3.1 in a request body, a header or a webhook",
    "number-out-of-range": "a schema of 3.1 in a request body, a header or a webhook",
    "duplicate-entry": "a schema of 3.1 in a request body, a header or a webhook",
    "unknown-field": "a schema of 3.1 in a request body, a header or a webhook (`discriminator`, `xml`)",
    "missing-field": "a schema of 3.1 in a request body, a header or a webhook (`externalDocs`)",
}
# What the reference rejects and validate only warns of: the warning, and why it is no error.
WARNED = {
    "enum-duplicate": (
        "the official meta-schema of 3.0 says `uniqueItems: false` of enum, and JSON Schema says SHOULD; "
        "the reference applies the meta-schema of draft 4"
    ),
    "required-undeclared": "JSON Schema lets `required` name what `properties` does not",
    "pattern-not-portable": "ECMA-262, Annex B: legal without Unicode mode, which JSON Schema did not ask for until 2019",
    "reference-siblings-ignored": "3.0.3, Reference Object: what stands beside `$ref` SHALL be ignored",
}
# What the reference rejects and validate accepts: the reference's message, and why it is wrong.
LAXER = {
    r"map-of-strings.*parameters": (
        "3.1.1, Link Object: `parameters` is Map[string, Any | {expression}]; the meta-schema allows strings only"
    ),
    r"Unevaluated properties .*'server'": "3.1.1, Link Object: the field is `server`; the meta-schema calls it `body`",
    r"is not of type .object.|type.*object.*callbacks|\"x-": "3.1.1, Callback Object: may be extended with `x-` fields",
    r"'file' is not valid under any": "2.0, Response Object: `schema` may be of type file",
    r"KeyError: 'x-|PointerToNowhere": "an extension may hold anything; the reference takes it for a path or a response",
    r"NoSuchAnchor": "3.1: `$anchor` below an `$id` resolves against that `$id`",
    r"RecursionError": "a schema that refers to itself in `allOf` is legal; the reference never returns",
    r"\[\{.*\] is not of type 'object', 'boolean'": "draft 7, section 6.4.1: `items` may be a list of schemas",
}
INFO = "info: {title: Orders, version: 1.0.0}\n"
# Documents that the reference rejects, and validate accepts, for one of those reasons.
ACCEPTED_HERE = {
    "enum with a value twice": "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: {enum: [a, a]}}}",
    "required, not declared": (
        "openapi: 3.0.3\npaths: {}\n"
        "components: {schemas: {A: {allOf: [{properties: {a: {}}}], required: [b]}}}"
    ),
    "beside a reference": (
        "openapi: 3.0.3\npaths: {}\n"
        "components: {schemas: {A: {properties: {b: {$ref: '#/components/schemas/B', required: false}}}, B: {}}}"
    ),
    "link that sets a number": (
        "openapi: 3.1.0\npaths: {}\ncomponents: {links: {a: {operationRef: 'https://example.com/#/paths/~1a/get',"
        " parameters: {limit: 10}}}}"
    ),
    "link to another server": (
        "openapi: 3.1.0\npaths: {}\ncomponents: {links: {a: {operationRef: 'https://example.com/#/paths/~1a/get',"
        " server: {url: https://example.com}}}}"
    ),
    "callback with an extension": "openapi: 3.1.0\npaths: {}\ncomponents: {callbacks: {a: {x-note: text}}}",
    "response that is a file": (
        "swagger: '2.0'\npaths: {/a: {get: {responses: {'200': {description: A, schema: {type: file}}}}}}"
    ),
    "schema that refers to itself in allOf": (
        "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}]}}}"
    ),
    "an extension among the paths": "openapi: 3.0.3\npaths: {x-a: text}",
    "an extension that holds a reference": "openapi: 3.0.3\npaths: {x-a: {$ref: '#/nowhere'}}",
    "an anchor below an id": (
        "openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {A: {$id: 'https://example.com/a', $anchor: a,"
        " properties: {b: {$ref: '#a'}}}}}"
    ),
    "items of draft 7": (
        "openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {A: {$schema: 'http://json-schema.org/draft-07/schema#',"
        " items: [{type: string}]}}}"
    ),
}
# Documents that the reference accepts, and validate rejects, where no rule's own example shows it.
REJECTED_HERE = {
    "value and externalValue": (
        "openapi: 3.0.3\npaths: {}\ncomponents: {examples: {a: {value: 1, externalValue: 'https://example.com/a'}}}"
    ),
    "a wrong type in a request body of 3.1": (
        "openapi: 3.1.0\npaths: {}\n"
        "components: {requestBodies: {a: {content: {application/json: {schema: {type: strng}}}}}}"
    ),
    "a wrong default in a request body": (
        "openapi: 3.0.3\npaths: {}\n"
        "components: {requestBodies: {a: {content: {application/json: {schema: {type: string, default: 1}}}}}}"
    ),
    "a status beyond 599": "swagger: '2.0'\npaths: {/a: {get: {responses: {'999': {description: A}}}}}",
}


def compare(value, findings):
    """None if both agree; else what has to be in one of the tables."""
    errors = [finding.rule for finding in findings if finding.severity is Severity.ERROR]
    peer = rejects(value)
    if bool(errors) == bool(peer):
        return None
    if errors:
        unlisted = [rule for rule in errors if rule not in STRICTER]
        return f"stricter by {unlisted}" if unlisted else None
    explained = any(finding.rule in WARNED for finding in findings) or any(
        re.search(pattern, peer, re.DOTALL) for pattern in LAXER
    )
    return None if explained else f"laxer: {peer[:300]}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_both_accept_whole_documents(path, findings):
    assert findings(path.read_text(encoding="utf-8")) == []
    assert rejects(read(str(path)).root.value) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_of_rules(rule, findings, tmp_path):
    for text in (rule.bad, rule.good):
        found = findings(text)
        assert compare(read(str(tmp_path / "contract.yaml")).root.value, found) is None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_random_mistakes(path, findings_of):
    document = read(str(path)).root.value
    for seed in range(1000, 1000 + MISTAKES):
        value = mutate(document, Random(seed))  # noqa: S311  # mistakes, not secrets
        assert compare(value, findings_of(value)) is None, f"seed {seed}"


@pytest.mark.parametrize("name", ACCEPTED_HERE)
def test_mistakes_of_the_reference(name, findings, tmp_path):
    found = findings(INFO + ACCEPTED_HERE[name])
    assert not [finding for finding in found if finding.severity is Severity.ERROR]
    value = read(str(tmp_path / "contract.yaml")).root.value
    assert rejects(value)
    assert compare(value, found) is None


@pytest.mark.parametrize("name", REJECTED_HERE)
def test_what_the_reference_overlooks(name, findings, tmp_path):
    found = findings(INFO + REJECTED_HERE[name])
    assert [finding for finding in found if finding.severity is Severity.ERROR]
    value = read(str(tmp_path / "contract.yaml")).root.value
    assert rejects(value) == ""
    assert compare(value, found) is None


def test_tables_name_only_rules_that_exist():
    errors = {rule.id for rule in RULES if rule.severity is Severity.ERROR}
    in_some_versions = {
        "enum-duplicate",
        "discriminator-property-undeclared",
        "discriminator-property-optional",
    }
    assert set(STRICTER) <= errors | in_some_versions
    assert set(WARNED) <= {rule.id for rule in RULES if rule.severity is Severity.WARNING}
