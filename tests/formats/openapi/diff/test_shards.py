"""Large comparisons are done in shards: by whatever process, the result is the same to the byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import apicontract
from apicontract import ContractError, DiffOptions
from apicontract.formats.openapi.diff import shards, workers
from apicontract.formats.openapi.diff.workers import Lost, Worker
from apicontract.reports.json import diff_json
from apicontract.sources import references

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")

_COUNT = 160


def contract(*, changed: bool, count: int = _COUNT, broken: str = "") -> dict[str, object]:
    """Operations with a schema each and one that all share; `changed` breaks requests and responses."""
    least = 2 if changed else 1

    def schema(number: int) -> dict[str, object]:
        return {
            "type": "object",
            "required": ["size"],
            "properties": {
                "size": {"type": "integer", "minimum": least, "maximum": 100 + number % 7, "example": number},
                "shared": {"$ref": "#/components/schemas/Shared"},
            },
        }

    def operation(number: int) -> dict[str, object]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/Thing{number}"}}}
        limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9 - least}}
        return {
            "operationId": f"op{number}",
            "parameters": [limit],
            "requestBody": {"required": True, "content": content},
            "responses": {"200": {"description": "done" + "!" * least, "content": content}},
        }

    paths: dict[str, object] = {f"/things{number}": {"put": operation(number)} for number in range(count)}
    if broken:
        ref = {"$ref": "#/components/schemas/Nowhere"} if changed else {"type": "string"}
        answer = {"description": "done", "content": {"application/json": {"schema": ref}}}
        paths[broken]["put"]["responses"]["200"] = answer
    words = ["a", "b", "c"] if changed else ["a", "b"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": paths,
        "webhooks": {
            f"event{number}": {"post": {"operationId": f"event{number}", "requestBody": {
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shared"}}}
            }}}
            for number in range(4)
        },
        "components": {
            "schemas": {
                **{f"Thing{number}": schema(number) for number in range(count)},
                "Shared": {"type": "string", "enum": words, "example": "b"},
            }
        },
    }  # fmt: skip


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    return written(tmp_path)


def written(folder: Path, **wanted: object) -> tuple[str, str]:
    paths = folder / "old.json", folder / "new.json"
    for path, changed in zip(paths, (False, True), strict=True):
        path.write_text(json.dumps(contract(changed=changed, **wanted)), encoding="utf-8")
    return str(paths[0]), str(paths[1])


def report(pair: tuple[str, str], processes: int) -> str:
    return diff_json(apicontract.diff(*pair, options=DiffOptions(processes=processes)))


def test_the_report_does_not_depend_on_the_number_of_processes(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Worker] = []
    made = Worker.__init__

    def counted(self: Worker, serve: object) -> None:
        started.append(self)
        made(self, serve)

    monkeypatch.setattr(Worker, "__init__", counted)
    monkeypatch.setattr(shards, "can_fork", lambda: True)  # other tests may have left threads that wait
    alone = report(pair, 1)
    assert not started
    assert '"witness": {' in alone
    assert report(pair, 2) == alone
    assert len(started) == 1
    assert report(pair, 3) == alone
    assert len(started) == 2


def test_the_changes_are_those_of_one_piece(pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the values of witnesses, whose further members may be taken from another schema's examples."""

    def told() -> list[dict[str, object]]:
        return [
            change | {"witness": bool(change["witness"])} for change in json.loads(report(pair, 2))["changes"]
        ]

    in_shards = told()
    monkeypatch.setattr(shards, "_WORTH", 1_000_000)
    assert in_shards == told()
    assert {"request", "response"} <= {change["direction"] for change in in_shards}


def test_a_small_comparison_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(os, "fork", refuse)
    assert apicontract.diff(*written(tmp_path, count=20), options=DiffOptions(processes=4)).changes


def dying(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Let the worker be killed as soon as it is asked for what is named so."""
    asked = getattr(shards.Shard, when)
    here = os.getpid()

    def die(self: object, *arguments: object) -> object:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return asked(self, *arguments)

    monkeypatch.setattr(shards.Shard, when, die)


@pytest.mark.parametrize("when", ["notes", "proof"])
def test_a_worker_that_dies_changes_nothing(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    alone = report(pair, 1)
    dying(monkeypatch, when)
    assert report(pair, 2) == alone
    with pytest.raises(ChildProcessError):  # none is left behind
        os.waitpid(-1, os.WNOHANG)


def test_where_no_process_can_be_started_the_work_is_done_here(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    alone = report(pair, 1)
    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr(os, "fork", full)
    assert report(pair, 2) == alone
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("number", [2, 3])
def test_a_reference_that_leads_nowhere_is_the_same_error_in_either_shard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    # The comparison itself comes upon it.
    monkeypatch.setattr("apicontract.formats.openapi.references.check_references", lambda _: None)
    pair = written(tmp_path, broken=f"/things{number}")
    errors = []
    for processes in (1, 2):
        with pytest.raises(ContractError, match="Nowhere") as raised:
            report(pair, processes)
        errors.append(str(raised.value))
    assert errors[0] == errors[1]


def test_a_worker_reads_no_further_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference that is not seen in the text: its document is read by the process that read the others."""
    pair = written(tmp_path)
    other = {"Far": {"type": "object", "properties": {"least": {"type": "integer"}}}}
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    for path in map(Path, pair):
        text = path.read_text(encoding="utf-8")
        for number in (40, 41):
            local = json.dumps({"$ref": f"#/components/schemas/Thing{number}"})
            text = text.replace(local, '{"\\u0024ref": "other.json#/Far"}', 1)
        path.write_text(text, encoding="utf-8")
    alone = report(pair, 1)
    read = references.document

    def noted(location: object, options: object) -> object:
        (tmp_path / f"read-by-{os.getpid()}").touch()
        return read(location, options)

    monkeypatch.setattr(references, "document", noted)
    assert report(pair, 2) == alone
    assert [path.name for path in tmp_path.glob("read-by-*")] == [f"read-by-{os.getpid()}"]


def test_a_process_with_threads_is_not_forked(pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not workers.can_fork()
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert report(pair, 2)


def test_a_worker_answers_until_it_is_stopped() -> None:
    def serve(send: object, receive: object) -> None:
        while True:
            send(receive() * 2)

    with Worker(serve) as worker:
        worker.send(21)
        worker.send("ab")
        assert (worker.receive(), worker.receive()) == (42, "abab")
        worker.send(None)  # which it cannot double
        with pytest.raises(Lost):
            worker.receive()


def test_the_gate_shares_its_work_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], cwd=tmp_path, check=True
        )

    old, new = map(Path, written(tmp_path))
    new_text = new.read_bytes()
    new.unlink()
    git("init", "-q", "-b", "main", ".")
    git("add", ".")
    git("commit", "-qm", "before")
    old.write_bytes(new_text)
    started: list[object] = []
    made = Worker.__init__

    def counted(self: Worker, serve: object) -> None:
        started.append(self)
        made(self, serve)

    monkeypatch.setattr(Worker, "__init__", counted)
    monkeypatch.setattr(shards, "can_fork", lambda: True)  # other tests may have left threads that wait

    def told(processes: int) -> str:
        from apicontract.reports.check_json import check_json

        return check_json(apicontract.check(against="HEAD", folder=str(tmp_path), processes=processes))

    alone = told(1)
    assert not started
    assert told(2) == alone
    assert started
    assert '"witness": {' in alone


def test_an_interrupt_ends_both_processes(tmp_path: Path) -> None:
    """As of a terminal, which interrupts the whole group; nothing is said but the exit code."""
    pair = written(tmp_path, count=1_500)
    command = [sys.executable, "-m", "apicontract", "diff", *pair, "--output", str(tmp_path / "report")]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # a job in the background ignores it
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if len(os.sched_getaffinity(0)) > 1:
            for _ in range(600):
                if worker := children.read_text():
                    break
                time.sleep(0.05)
            assert worker, "no worker was started"
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=30)[1]
    assert (process.returncode, said) == (130, b"")
    assert not (tmp_path / "report").exists()
    for _ in range(200):  # one that has ended stays in the group until whoever adopted it has noticed
        left = [
            one
            for one in Path("/proc").glob("[0-9]*/stat")
            if (said_of := _stat(one)) and said_of[0] != "Z" and said_of[2] == str(process.pid)
        ]
        if not left:
            break
        time.sleep(0.05)
    assert not left


def _stat(path: Path) -> list[str]:
    """State, parent and group of a process, and further columns; nothing if it is gone."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []
