"""REST: what is generated from an OpenAPI contract."""
