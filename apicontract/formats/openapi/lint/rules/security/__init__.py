"""Security as far as a contract shows it, after the OWASP API Security Top 10 (2023).

Who may call (`access`), what travels or stands in the open (`exposure`), what identifies things and
what clients may set (`objects`), what has no bound (`bounds`).
"""

from __future__ import annotations

from apicontract.formats.openapi.lint.rules.security import access, bounds, exposure, objects

RULES = (*access.RULES, *exposure.RULES, *objects.RULES, *bounds.RULES)
