"""Richardson's maturity model as rules: resources (R), verbs and status codes (V), hypermedia (H).

Each rule is one criterion of one operation; what a contract's findings come to as a level is the
business of the room `maturity`.
"""

from apicontract.formats.openapi.lint.rules.maturity import errors, hypermedia, resources, statuses, verbs

RULES = (*resources.RULES, *verbs.RULES, *statuses.RULES, *errors.RULES, *hypermedia.RULES)
