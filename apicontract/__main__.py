"""`python -m apicontract` is the same as the command `apicontract`."""

from __future__ import annotations

from apicontract.cli.main import main

main()
