"""Generates into a folder and runs what came out: shared by the tests of generation."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import apicontract

CONTRACTS = Path(__file__).parent / "contracts"
ROOT = Path(__file__).resolve().parents[2]


def client(contract, folder, **options):
    """The client of a contract in a folder; the generation."""
    return apicontract.generate(
        "rest-client", contract, str(folder), options=apicontract.GenerateOptions(**options)
    )


def run(folder, program, *arguments):
    """What a program prints that sees the folder's packages; it must end well."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def checked(folder, package):
    """Ruff and mypy --strict have nothing to say of a package."""
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", str(Path(folder) / package)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ruff.returncode == 0, ruff.stdout[-3000:]
    mypy = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(Path(folder) / ".mypy"), "-p", package],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert mypy.returncode == 0, mypy.stdout[-3000:]
