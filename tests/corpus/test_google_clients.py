"""Clients and servers of Google's APIs: what is generated of packages of many kinds imports and is clean.

The packages were chosen for what they have in them: each is the only one here with its kind of oddity.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import corpora
import pytest

import apicontract

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.corpus
PACKAGES = {
    "google/pubsub/v1": "streams both ways, and a schema service",
    "google/firestore/v1": "values that contain themselves, wildcard routes",
    "google/spanner/v1": "result sets of any type, transactions",
    "google/bigtable/v2": "streams of the server, maps, comments beyond ASCII",
    "google/storage/v2": "proto3 optional, bidirectional streams",
    "google/storage/control/v2": "an edition's file",
    "google/logging/v2": "imports of google.api and google.logging.type",
    "google/monitoring/v3": "nested enums, oneofs, types of google.api",
    "google/longrunning": "a package without a version, of files that are installed",
    "google/iam/v1": "types named as in other packages",
    "google/bytestream": "no version, streams of bytes",
    "google/watcher/v1": "a stream of changes",
    "grafeas/v1": "another root, cross imports",
    "google/ads/admanager/v1": "enums in messages of their own",
    "google/ads/googleads/v19/services": "a hundred files, packages behind the version",
    "google/cloud/aiplatform/v1": "packages below the version's",
    "google/cloud/bigquery/v2": "wrappers, reserved names, deep nesting",
    "google/cloud/bigquery/storage/v1": "a service with streams of both kinds",
    "google/cloud/dialogflow/cx/v3": "many services, types that share names",
    "google/cloud/speech/v2": "bidirectional audio",
    "google/cloud/sql/v1": "fields named after keywords and types",
    "google/datastore/v1": "values, keys, composite filters",
    "google/devtools/build/v1": "empty responses",
    "google/devtools/cloudbuild/v1": "maps, durations, many enums",
    "google/maps/routing/v2": "field behaviour, no version twice",
    "google/chat/v1": "widgets, cards: imports from google.apps",
    "google/container/v1": "deprecated fields by the dozen",
    "google/appengine/v1": "messages of one name in several files",
    "google/home/graph/v1": "Struct, and a service of few calls",
    "google/type": "messages only: refused, with a reason",
}
NOTHING = {"google/type"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a client of each; and for some a server."""
    try:
        protos = corpora.npm("google-proto-files", "5.0.0")
    except corpora.NotAvailable as reason:
        pytest.skip(str(reason))
    out = tmp_path_factory.mktemp("google")
    reading = apicontract.ReadOptions(includes=(str(protos),))
    for path in PACKAGES:
        [contract] = apicontract.find(str(protos / path), options=reading).values()
        name = path.replace("/", "_")
        for target in ("grpc-client", "grpc-server"):
            options = apicontract.GenerateOptions(package=f"{name}_{target[5:]}")
            folder = out if target == "grpc-client" else out / "servers" / name
            if path in NOTHING:
                with pytest.raises(apicontract.ContractError, match="no service is declared here"):
                    apicontract.generate(target, contract, str(folder), options=options)
                continue
            made = apicontract.generate(target, contract, str(folder), options=options)
            assert made.operations > 0
            assert made.notes == ()
    return out


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_every_name_can_be_imported_and_every_client_made(made: Path) -> None:
    script = """
import importlib, pathlib
count = clients = 0
for path in sorted(pathlib.Path('.').rglob('*_client/**/__init__.py')):
    module = importlib.import_module('.'.join(path.parent.parts))
    for name in getattr(module, '__all__', ()):
        found = getattr(module, name)
        count += 1
        if name.endswith('Client'):
            try:
                made = found('127.0.0.1:1')
            except RuntimeError:  # grpc.aio asks for an event loop
                continue
            clients += 1
print(count, clients)
"""
    count, clients = map(int, run(made, sys.executable, "-c", script).split())
    assert count > 3500
    assert clients > 100


def test_it_is_clean_under_mypy(made: Path) -> None:
    names = sorted(path.name for path in made.glob("*_client"))
    assert len(names) >= 25
    cache = ("--cache-dir", str(made / ".mypy"))
    run(made, sys.executable, "-m", "mypy", "--strict", *cache, *names)
    for folder in sorted((made / "servers").iterdir()):
        if folder.name in (
            "google_pubsub_v1",
            "google_longrunning",
            "google_cloud_aiplatform_v1",
            "grafeas_v1",
        ):
            run(folder, sys.executable, "-m", "mypy", "--strict", *cache, ".")


def test_it_is_clean_under_ruff(made: Path) -> None:
    ruff = (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache")
    run(made, *ruff, "--exclude", "servers", ".")
    for folder in sorted((made / "servers").iterdir()):
        run(folder, *ruff, ".")


def test_every_server_starts_and_is_well(made: Path) -> None:
    for folder in sorted((made / "servers").iterdir()):
        run(folder, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_app.py")
