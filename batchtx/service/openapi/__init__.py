"""The description of the API as OpenAPI 3.1, which schemathesis holds against the running service."""
