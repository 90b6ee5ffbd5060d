"""The benchmarks themselves: they measure what they say, on contracts that are what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import corpora
import inputs
import pytest
import run
from measure import Cost, in_turns, once

import apicontract


def measured(command):
    """What `once` says of a command in a process that is small itself: the kernel counts what starts it."""
    script = f"import measure; cost = measure.once({command!r}); print(cost.seconds, cost.memory)"
    folder = Path(run.__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    return Cost(*map(float, done.stdout.split()))


def test_a_process_costs_time_and_memory():
    cost = measured([sys.executable, "-c", "import time; x = b'x' * 200_000_000; time.sleep(0.3)"])
    assert cost.seconds > 0.3
    assert 200_000_000 < cost.memory < 300_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells it there")
def test_what_a_process_starts_is_counted_with_it():
    child = "import time; x = b'x' * 150_000_000; time.sleep(1)"
    parent = (
        f"import subprocess, sys; x = b'x' * 150_000_000; subprocess.run([sys.executable, '-c', {child!r}])"
    )
    assert 300_000_000 < measured([sys.executable, "-c", parent]).memory < 400_000_000


def test_a_tiny_pair_of_protos_differs_in_one_type(tmp_path):
    old, new = inputs.tiny_protos(tmp_path)
    [change] = apicontract.diff(old, new).changes
    assert change.operation == "/acme.orders.v1.Orders/GetOrder" or change.reaches


def test_a_verdict_is_an_answer_and_a_failure_is_not():
    once([sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(RuntimeError, match="exit 3: no"):
        once([sys.executable, "-c", "import sys; sys.stderr.write('no'); sys.exit(3)"])


def test_much_output_does_not_block():
    once(
        [
            sys.executable,
            "-c",
            "import sys; sys.stderr.write('x' * 1_000_000); sys.stdout.write('x' * 1_000_000)",
        ]
    )


def test_medians_are_taken_in_turns(tmp_path):
    log = tmp_path / "log"
    commands = [[sys.executable, "-c", f"open({str(log)!r}, 'a').write('{name}')"] for name in "ab"]
    assert len(in_turns(commands, 3)) == 2
    assert log.read_text() == "ababab"


@pytest.mark.parametrize("factor", [1, 4])
def test_grown_contracts_differ_in_one_bound(tmp_path, factor):
    old, new = inputs.grown(tmp_path, factor)
    assert apicontract.validate(new).findings == ()
    [request] = [change for change in apicontract.diff(old, new).changes if str(change.level) == "major"]
    assert request.rule == "request-max-length-decreased"
    assert request.operation == "PUT /things0/{id}"


def test_a_branch_of_the_repository_changed_three_contracts(tmp_path):
    made = inputs.repository(tmp_path, contracts=5, files=20)
    assert sum(file.is_file() and ".git" not in file.parts for file in made.rglob("*")) == 20
    result = apicontract.check(against="main", folder=str(made))
    assert [str(one.verdict.level) for one in result.judged] == ["major", "none", "none"]
    assert len(result.unchanged) == 2
    idle = apicontract.check(against="main", head="idle", folder=str(made))
    assert (idle.judged, len(idle.unchanged)) == ((), 5)


def test_page_says_what_was_met_missed_and_left_out():
    text = run.page(
        [
            run.Row("one", Cost(0.25, 5e7), "peer: 1.00 s", "time ≤ 1/2", True),
            run.Row("two", Cost(3, 5e7), "peer: 1.00 s", "time ≤ 1/2", False),
            run.Row("three", None, "left out: no client", "", None),
        ],
        runs=5,
    )
    assert "| one | 0.25 s, 50 MB | peer: 1.00 s | time ≤ 1/2 | yes |" in text
    assert "| two | 3.00 s, 50 MB | peer: 1.00 s | time ≤ 1/2 | **no** |" in text
    assert "| three | – | left out: no client |  |  |" in text


def test_without_a_package_client_there_is_a_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(corpora.NotAvailable, match="npm is not installed"):
        corpora.github("23.0.2", "ghes-3.18")
    with pytest.raises(corpora.NotAvailable, match="neither oasdiff nor go"):
        corpora.go_tool(*run.OASDIFF)
