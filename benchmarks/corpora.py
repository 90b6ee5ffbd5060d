"""Real contracts by package name: fetched once with the package client into a cache outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

GITHUB = "@octokit/openapi"


class NotAvailable(Exception):  # noqa: N818  # a reason to leave something out, not an error
    """The package client or its registry is not there; the text says which."""


def cache() -> Path:
    """Where fetched packages lie: below `XDG_CACHE_HOME`, or `~/.cache`."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "apicontract"


def github(version: str, name: str) -> Path:
    """One contract of GitHub's published descriptions, such as `ghes-3.18` of package version 23.0.2."""
    return npm(GITHUB, version) / "generated" / f"{name}.json"


def google_protos(version: str) -> Path:
    """Google's protos of a package version, without well-known types and what is built from them."""
    folder = cache() / "protos" / f"google-proto-files@{version}"
    if folder.exists():
        return folder
    package = npm("google-proto-files", version)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        chosen = Path(scratch) / "chosen"
        for name in ("google", "grafeas"):
            shutil.copytree(package / name, chosen / name, ignore=_well_known_types)
        with suppress(OSError):  # another process made the same meanwhile: its copy is as good
            chosen.rename(folder)
    return folder


def _well_known_types(folder: str, names: list[str]) -> list[str]:
    return ["protobuf"] if Path(folder).name == "google" and "protobuf" in names else []


def pypi_tool(package: str, version: str, name: str) -> Path:
    """A command that a Python package carries; one of the same name on PATH is taken as it is."""
    found = shutil.which(name)
    if found is not None:
        return Path(found)
    folder = cache() / "pypi" / f"{package}@{version}"
    if not (folder / "bin" / name).exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
        made = subprocess.run(
            [*command, f"{package}=={version}"], capture_output=True, text=True, check=False, timeout=600
        )
        if made.returncode:
            raise NotAvailable(f"pip cannot install {package} {version}: {made.stderr.strip()[-200:]}")
    return folder / "bin" / name


def npm(package: str, version: str) -> Path:
    """The content of an npm package; NotAvailable if it cannot be had."""
    folder = cache() / "npm" / f"{package.replace('/', '+')}@{version}"
    if folder.exists():
        return folder
    client = shutil.which("npm")
    if client is None:
        raise NotAvailable(f"npm is not installed, which fetches {package}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        packed = subprocess.run(
            [client, "pack", "--silent", f"{package}@{version}"],
            cwd=scratch, capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        if packed.returncode:
            raise NotAvailable(f"npm cannot fetch {package}@{version}: {packed.stderr.strip()[-200:]}")
        with tarfile.open(Path(scratch) / packed.stdout.strip().splitlines()[-1]) as archive:
            archive.extractall(scratch, filter="data")
        _placed(Path(scratch) / "package", folder)
    return folder


def npm_tool(package: str, version: str, name: str) -> Path:
    """A command of an npm package, installed with what it needs; NotAvailable if it cannot be had."""
    folder = cache() / "npm-tools" / f"{package.replace('/', '+')}@{version}"
    command = folder / "node_modules" / ".bin" / name
    if not command.exists():
        client = shutil.which("npm")
        if client is None:
            raise NotAvailable(f"npm is not installed, which would install {package}")
        folder.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(
            [client, "install", "--silent", "--no-audit", "--prefix", str(folder), f"{package}@{version}"],
            capture_output=True, text=True, check=False, timeout=1200,
        )  # fmt: skip
        if made.returncode or not command.exists():
            raise NotAvailable(f"npm cannot install {package}@{version}: {made.stderr.strip()[-200:]}")
    return command


def sdist(package: str, version: str) -> Path:
    """The source distribution of a Python package, unpacked; NotAvailable if it cannot be had."""
    folder = cache() / "pip" / f"{package}-{version}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            wanted = ["--no-deps", "--no-binary", ":all:", "-d", scratch, f"{package}=={version}"]
            _pip("download", wanted, f"{package} {version}")
            with tarfile.open(next(Path(scratch).glob("*.tar.gz"))) as archive:
                archive.extractall(scratch, filter="data")
            _placed(Path(scratch) / f"{package}-{version}", folder)
    return folder


def installed(package: str, version: str) -> Path:
    """A folder for `sys.path` that holds a Python package with what it needs; NotAvailable if none."""
    folder = cache() / "pip" / f"{package}@{version}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch) / "made"
            _pip("install", ["--target", str(made), f"{package}=={version}"], f"{package} {version}")
            _placed(made, folder)
    return folder


def _pip(command: str, wanted: list[str], name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", *wanted],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise NotAvailable(f"pip cannot fetch {name}: {done.stderr.strip()[-200:]}")


def _placed(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError:  # another process fetched the same package meanwhile: its copy is as good
        if not folder.exists():
            raise


def go_tool(module: str, version: str) -> Path:
    """A command installed by `go install`; one of the same name on PATH is taken as it is."""
    name = module.rpartition("/")[2]
    found = shutil.which(name)
    if found is not None:
        return Path(found)
    folder = cache() / "go" / f"{name}@{version}"
    if not (folder / name).exists():
        client = shutil.which("go")
        if client is None:
            raise NotAvailable(f"neither {name} nor go, which would install it, is there")
        folder.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(
            [client, "install", f"{module}@{version}"],
            env={**os.environ, "GOBIN": str(folder)},
            capture_output=True, text=True, check=False, timeout=1200,
        )  # fmt: skip
        if made.returncode:
            raise NotAvailable(f"go cannot install {module}@{version}: {made.stderr.strip()[-200:]}")
    return folder / name
