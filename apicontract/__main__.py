"""`python -m apicontract` is the command `apicontract`."""

from __future__ import annotations

from apicontract.cli.main import main

if __name__ == "__main__":
    main()
