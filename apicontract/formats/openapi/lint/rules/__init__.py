"""The rules of lint for OpenAPI: one module per category, each rule with its check beside it."""
