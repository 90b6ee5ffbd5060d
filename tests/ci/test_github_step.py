"""The Action's one command: a local repository plays the pull request, a local server plays the API."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from apicontract.ci.github import output_lines, run_of

_CONTRACT = """\
openapi: 3.1.0
info: {{title: Orders, version: {version}}}
paths:
  /orders:
    get:
      parameters: [{{name: limit, in: query, schema: {{type: integer, maximum: {most}}}}}]
      responses: {{'200': {{description: {said}}}}}
"""
_REPOSITORY = "acme/shop"


def _git(folder, *arguments):
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", *named, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **quiet},
    )
    return done.stdout.strip()


def _contract(version="1.0.0", most=100, said="done"):
    return _CONTRACT.format(version=version, most=most, said=said)


class _Origin:
    """The repository at the service: main, and a pull request with its merge commit."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        _git(folder, "init", "-q", "-b", "main", ".")
        _git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
        for number in range(3):
            self.commit(_contract(said=f"done {number}"))
        self.before = _git(folder, "rev-parse", "HEAD")
        _git(folder, "checkout", "-q", "-b", "feature")

    def commit(self, text):
        (self.folder / "orders.yaml").write_text(text, encoding="utf-8")
        _git(self.folder, "add", "-A")
        _git(self.folder, "commit", "-qm", "x")

    def propose(self, text):
        """A commit on the branch, and the merge commit that the service makes of it."""
        _git(self.folder, "checkout", "-q", "feature")
        self.commit(text)
        _git(self.folder, "checkout", "-q", "--detach", "main")
        _git(self.folder, "merge", "-q", "--no-ff", "-m", "merge", "feature")
        _git(self.folder, "update-ref", "refs/pull/7/merge", "HEAD")
        _git(self.folder, "checkout", "-q", "feature")

    def checkout(self, folder, ref="refs/pull/7/merge"):
        """What actions/checkout does: one commit, detached."""
        folder.mkdir()
        _git(folder, "init", "-q", ".")
        _git(folder, "remote", "add", "origin", f"file://{self.folder}")
        _git(folder, "fetch", "-q", "--no-tags", "--depth=1", "origin", f"+{ref}:refs/remotes/pull/7/merge")
        _git(folder, "checkout", "-q", "--detach", "refs/remotes/pull/7/merge")
        return folder


class _Service:
    """The part of the REST API that comments need; `refuses` is what it answers instead of writing."""

    def __init__(self):
        self.comments = {}
        self.asked = []
        self.refuses = 0
        self.pulls = []
        self.garbled = False
        service = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                value = json.loads(self.rfile.read(size)) if size else None
                service.asked.append((self.command, self.path, self.headers.get("Authorization")))
                code, answer = service.answer(self.command, self.path, value)
                text = (
                    b"" if answer is None else b"<html>" if service.garbled else json.dumps(answer).encode()
                )
                self.send_response(code)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = _answer  # as the base class asks

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, method, path, value):
        if path.startswith(f"/repos/{_REPOSITORY}/pulls?"):
            return 200, [one for one in self.pulls if one["label"] in urllib.parse.unquote(path)]
        return self.answer_about_comments(method, path, value)

    def answer_about_comments(self, method, path, value):
        if self.refuses and method != "GET":
            return self.refuses, {"message": "Resource not accessible by integration"}
        path, _, query = path.partition("?")
        head = f"/repos/{_REPOSITORY}/issues/"
        number = int(path.rsplit("/", 1)[1]) if re.search(r"/comments/\d+$", path) else 0
        if method == "GET" and path == f"{head}7/comments":
            page = int(re.search(r"page=(\d+)$", query)[1])
            listed = [{"id": one, "body": body} for one, body in sorted(self.comments.items())]
            return 200, listed[(page - 1) * 100 : page * 100]
        if method == "POST" and path == f"{head}7/comments":
            self.comments[max(self.comments, default=0) + 1] = value["body"]
            return 201, {"id": max(self.comments)}
        if path == f"{head}comments/{number}" and number in self.comments:
            if method == "PATCH":
                self.comments[number] = value["body"]
                return 200, {"id": number}
            if method == "DELETE":
                del self.comments[number]
                return 204, None
        return 404, {"message": "Not Found"}


@pytest.fixture
def service():
    made = _Service()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def origin(tmp_path):
    return _Origin(tmp_path / "origin")


class _Step:
    """How a step ended, and what it left."""

    def __init__(self, done, temp, outputs, summary):
        self.code, self.log, self.error = done.returncode, done.stdout, done.stderr
        self.temp = temp
        self.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""
        text = outputs.read_text(encoding="utf-8") if outputs.exists() else ""
        found = re.findall(r"^([\w-]+)<<(end-\w+)\n(.*?)\n\2$", text, re.MULTILINE | re.DOTALL)
        self.outputs = {name: value for name, _, value in found}


_runs = iter(range(1000))


def _step(
    tmp_path, checkout, *arguments, service=None, bearer="t", fork=False, event="pull_request", before=""
):
    temp = tmp_path / f"run-{next(_runs)}"
    temp.mkdir()
    head = "somebody/shop" if fork else _REPOSITORY
    told = (
        {"before": before}
        if event == "push"
        else {"pull_request": {"number": 7, "head": {"repo": {"full_name": head}}}}
    )
    (temp / "event.json").write_text(json.dumps(told))
    dropped = ("GITHUB_", "CI", "RUNNER_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(dropped)} | {
        "GITHUB_EVENT_PATH": str(temp / "event.json"),
        "GITHUB_EVENT_NAME": event,
        "GITHUB_REPOSITORY": _REPOSITORY,
        "GITHUB_API_URL": service.address if service else "http://127.0.0.1:9",
        "GITHUB_TOKEN": bearer,
        "GITHUB_OUTPUT": str(temp / "outputs"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
        "RUNNER_TEMP": str(temp),
        "no_proxy": "127.0.0.1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "protocol.file.allow",
        "GIT_CONFIG_VALUE_0": "always",
    }
    if event == "pull_request":
        environment["GITHUB_BASE_REF"] = "main"
    done = subprocess.run(
        [sys.executable, "-P", "-m", "apicontract", "ci", "github", *arguments],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return _Step(done, temp, temp / "outputs", temp / "summary.md")


def test_a_red_build_of_a_checkout_of_depth_1(tmp_path, origin):
    origin.propose(_contract("1.0.1", most=50, said="done 2"))
    checkout = origin.checkout(tmp_path / "checkout")
    assert _git(checkout, "rev-list", "--count", "HEAD") == "1"
    step = _step(tmp_path, checkout, "--reports", "sarif=out.sarif\n  junit=out.xml\n")
    assert (step.code, step.error) == (1, "")
    assert step.outputs == {
        "passed": "false",
        "level": "major",
        "required-version": "2.0.0",
        "breaking-count": "1",
        "report": str(step.temp / "apicontract-report.md"),
    }
    assert "::error file=orders.yaml,line=6,col=" in step.log
    assert step.summary.startswith("## API contracts: failed\n")
    assert Path(step.outputs["report"]).read_text(encoding="utf-8").strip() == step.summary.strip()
    assert json.loads((checkout / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (checkout / "out.xml").exists()
    assert int(_git(checkout, "rev-list", "--count", "--all")) <= 3  # the history was not fetched


def test_a_green_build(tmp_path, origin):
    origin.propose(_contract("2.0.0", most=50, said="done 2"))
    step = _step(tmp_path, origin.checkout(tmp_path / "checkout"))
    assert (step.code, step.outputs["passed"], step.outputs["breaking-count"]) == (0, "true", "1")
    assert "::warning file=orders.yaml" in step.log
    assert "::error" not in step.log


def test_one_comment_that_is_changed_in_place_and_removed_when_it_is_mended(tmp_path, origin, service):
    service.comments = dict.fromkeys(range(1, 151), "something else")
    origin.propose(_contract("1.0.1", most=50))
    first = _step(tmp_path, origin.checkout(tmp_path / "a"), "--comment", "failure", service=service)
    assert (first.code, "comment: written" in first.log) == (1, True)
    [mine] = [number for number, body in service.comments.items() if body != "something else"]
    assert service.comments[mine].startswith("<!-- apicontract ")
    again = _step(tmp_path, origin.checkout(tmp_path / "b"), "--comment", "failure", service=service)
    assert "comment: unchanged" in again.log
    origin.propose(_contract("1.0.1", most=40))
    changed = _step(tmp_path, origin.checkout(tmp_path / "c"), "--comment", "failure", service=service)
    assert "comment: changed" in changed.log
    assert "now 40" in service.comments[mine]
    assert len(service.comments) == 151
    origin.propose(_contract("2.0.0", most=40))
    mended = _step(tmp_path, origin.checkout(tmp_path / "d"), "--comment", "failure", service=service)
    assert (mended.code, "comment: removed" in mended.log) == (0, True)
    assert set(service.comments.values()) == {"something else"}
    always = _step(tmp_path, origin.checkout(tmp_path / "e"), "--comment", "always", service=service)
    assert "comment: written" in always.log
    assert {authorization for _, _, authorization in service.asked} == {"Bearer t"}


@pytest.mark.parametrize("code", [401, 403, 404, 500])
def test_a_token_that_may_only_read_does_not_fail_the_run_of_a_fork(tmp_path, origin, service, code):
    origin.propose(_contract("1.1.0", said="other"))
    service.refuses = code
    checkout = origin.checkout(tmp_path / "checkout")
    step = _step(tmp_path, checkout, "--comment", "always", service=service, fork=True)
    assert (step.code, step.error) == (0, "")
    assert "no comment: " in step.log
    assert "fork" in step.log
    assert step.summary.startswith("## API contracts: passed")


def test_an_api_that_cannot_be_reached_or_talks_nonsense_changes_nothing(tmp_path, origin, service):
    origin.propose(_contract("1.0.1", most=50))
    checkout = origin.checkout(tmp_path / "checkout")
    step = _step(tmp_path, checkout, "--comment", "failure")
    assert (step.code, "the API cannot be reached" in step.log) == (1, True)
    service.garbled = True
    step = _step(tmp_path, checkout, "--comment", "failure", service=service)
    assert (step.code, "no comment: " in step.log) == (1, True)
    step = _step(tmp_path, checkout, "--comment", "failure", bearer="", service=service)
    assert (step.code, "the step has no token" in step.log) == (1, True)


def test_a_push_is_compared_with_the_commit_before_it(tmp_path, origin):
    _git(origin.folder, "checkout", "-q", "main")
    origin.commit(_contract("1.0.0", most=50, said="done 2"))
    checkout = origin.checkout(tmp_path / "checkout", ref="refs/heads/main")
    step = _step(tmp_path, checkout, event="push", before=origin.before)
    assert (step.code, step.outputs.get("required-version")) == (1, "2.0.0")


def test_what_makes_no_sense_is_an_annotation_and_exit_code_2(tmp_path, origin):
    origin.propose(_contract("1.0.1", most=50))
    checkout = origin.checkout(tmp_path / "checkout")
    for arguments in (
        ["--against", "nowhere"],
        ["--reports", "pdf=x"],
        ["--reports", "sarif"],
        ["--fail-on", "x"],
        ["--paths", "no.yaml"],
    ):
        step = _step(tmp_path, checkout, *arguments)
        assert (step.code, step.outputs) == (2, {}), arguments
        assert step.log.startswith("::error title=API contracts::")
        assert step.log.count("\n") == 1


def test_inputs_that_are_empty_are_not_given(tmp_path, origin):
    origin.propose(_contract("1.0.1", most=50))
    empty = [f"--{name}=" for name in ("paths", "against", "fail-on", "config", "reports")]
    checkout = origin.checkout(tmp_path / "checkout")
    assert _step(tmp_path, checkout, *empty, "--comment=never").code == 1
    assert _step(tmp_path, checkout, "--fail-on=never", "--paths=orders.yaml\n").code == 0


def test_outputs_cannot_be_more_than_they_are():
    text = output_lines({"a": "x\nlevel=none\nEOF\nb<<EOF"})
    delimiter = text.splitlines()[0].removeprefix("a<<")
    assert text == f"a<<{delimiter}\nx\nlevel=none\nEOF\nb<<EOF\n{delimiter}\n"
    assert delimiter not in output_lines({"a": "x"})


def test_what_the_environment_does_not_tell_stays_empty(tmp_path):
    assert run_of({}).pull_request == 0
    (tmp_path / "event.json").write_text("not JSON")
    assert run_of({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}).fork is False
    (tmp_path / "event.json").write_text('{"before": "' + "0" * 40 + '"}')
    told = {"GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "GITHUB_EVENT_NAME": "push"}
    assert run_of(told).before == ""


# ---- the comment of a fork, by a second workflow

_COMMIT = "c" * 40


def _pull(number=7, *, label="somebody:feature", commit=_COMMIT, name="somebody/shop"):
    return {"number": number, "label": label, "head": {"sha": commit, "repo": {"full_name": name}}}


def _second(tmp_path, service, file, *, ended=None):
    """The step of the workflow that starts when the run of the fork ends."""
    temp = tmp_path / f"run-{next(_runs)}"
    temp.mkdir()
    told = {
        "event": "pull_request",
        "head_branch": "feature",
        "head_sha": _COMMIT,
        "head_repository": {"full_name": "somebody/shop"},
    }
    (temp / "event.json").write_text(json.dumps({"workflow_run": told | (ended or {})}))
    dropped = ("GITHUB_", "CI", "RUNNER_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(dropped)} | {
        "GITHUB_EVENT_PATH": str(temp / "event.json"),
        "GITHUB_EVENT_NAME": "workflow_run",
        "GITHUB_REPOSITORY": _REPOSITORY,
        "GITHUB_API_URL": service.address,
        "GITHUB_TOKEN": "w",
        "no_proxy": "127.0.0.1",
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "apicontract", "ci", "comment", str(file)],
        cwd=temp,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _left(tmp_path, origin, service, name="left"):
    """What the run of a fork leaves."""
    service.refuses = 403
    checkout = origin.checkout(tmp_path / name)
    step = _step(tmp_path, checkout, "--comment", "failure", service=service, fork=True)
    service.refuses = 0
    assert "a second workflow may write it" in step.log
    return Path(step.outputs["comment-file"])


def test_the_comment_of_a_fork_is_written_by_a_second_workflow(tmp_path, origin, service):
    service.pulls = [_pull(6, name="other/shop"), _pull(5, commit="d" * 40), _pull()]
    origin.propose(_contract("1.0.1", most=50))
    first = _second(tmp_path, service, _left(tmp_path, origin, service))
    assert (first.returncode, first.stderr) == (0, "")
    assert "comment: written" in first.stdout
    [body] = service.comments.values()
    direct = _step(tmp_path, origin.checkout(tmp_path / "direct"), "--comment", "failure", service=service)
    assert "comment: unchanged" in direct.log  # it is the very text that the first run would have written
    assert body.startswith("<!-- apicontract ")
    origin.propose(_contract("2.0.0", most=50))
    second = _second(tmp_path, service, _left(tmp_path, origin, service, "mended"))
    assert "comment: removed" in second.stdout
    assert not service.comments


def test_a_run_that_may_comment_leaves_nothing(tmp_path, origin, service):
    origin.propose(_contract("1.0.1", most=50))
    step = _step(
        tmp_path, origin.checkout(tmp_path / "a"), "--comment", "failure", service=service, fork=True
    )
    assert "comment: written" in step.log
    assert "comment-file" not in step.outputs


@pytest.mark.parametrize(
    "pulls", [[], [_pull(commit="d" * 40)], [_pull(name="other/shop")], [_pull(label="somebody:else")]]
)
def test_no_other_pull_request_gets_the_comment(tmp_path, origin, service, pulls):
    origin.propose(_contract("1.0.1", most=50))
    service.pulls = pulls
    done = _second(tmp_path, service, _left(tmp_path, origin, service))
    assert (done.returncode, "has other commits by now" in done.stdout) == (0, True)
    assert not service.comments


@pytest.mark.parametrize(
    "ended", [{"event": "push"}, {"head_repository": None}, {"head_repository": {"full_name": "a/b?x=/../c"}}]
)
def test_another_event_is_refused(tmp_path, origin, service, ended):
    origin.propose(_contract("1.0.1", most=50))
    service.pulls = [_pull()]
    done = _second(tmp_path, service, _left(tmp_path, origin, service), ended=ended)
    assert (done.returncode, "on: workflow_run" in done.stderr) == (2, True)
    assert not service.comments


def test_what_a_fork_has_left_is_only_ever_shown_as_text(tmp_path, origin, service):
    """The run of a fork may have written anything: not its Markdown, but its words are used, and calmed."""
    origin.propose(_contract("1.0.1", most=50))
    service.pulls = [_pull()]
    file = _left(tmp_path, origin, service)
    honest = json.loads(file.read_text())
    evil = "@everyone <script>x</script> ![a](https://e.example/x.png) [b](https://e.example) `` ` ``\n# H"

    def spoilt(value, name=""):
        if isinstance(value, dict):
            return {key: spoilt(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [spoilt(item, name) for item in value]
        kept = ("key", "rule", "severity", "level", "question")
        return evil if isinstance(value, str) and name not in kept else value

    file.write_text(json.dumps(spoilt(honest)))
    done = _second(tmp_path, service, file)
    assert (done.returncode, done.stderr) == (0, "")
    [body] = service.comments.values()
    from markdown_it import MarkdownIt

    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(body)
    assert "<script>" not in shown
    assert "<img" not in shown
    assert 'href="https://e.example' not in shown
    assert "<h1>" not in shown
    assert not re.search(r"(?<![`\w])@everyone", re.sub(r"<code>.*?</code>", "", shown, flags=re.DOTALL))


@pytest.mark.parametrize(
    "change",
    [
        {"key": "0" * 12 + "\n"},
        {"key": "x -->"},
        {"version": 2},
        {"extra": 1},
        {"contracts": [{"name": 1}]},
        {"passed": "yes"},
        {"conclusion": "x" * 20_001},
        {"notes": ["x"] * 2_001},
    ],
)
def test_what_has_not_its_shape_is_refused(tmp_path, origin, service, change):
    origin.propose(_contract("1.0.1", most=50))
    service.pulls = [_pull()]
    file = _left(tmp_path, origin, service)
    honest = json.loads(file.read_text())
    file.write_text(json.dumps(honest | change))
    done = _second(tmp_path, service, file)
    assert done.returncode == 2
    assert "internal error" not in done.stderr
    rule = {**honest["contracts"][0]["items"][0], "rule": "x](https://e.example)"}
    honest["contracts"][0]["items"][0] = rule
    file.write_text(json.dumps(honest))
    assert _second(tmp_path, service, file).returncode == 2
    assert not service.comments


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff", b" " * (9 * 1024 * 1024)])
def test_what_is_no_json_of_ours_is_refused(tmp_path, service, content):
    (tmp_path / "comment.json").write_bytes(content)
    done = _second(tmp_path, service, tmp_path / "comment.json")
    assert (done.returncode, "internal error" in done.stderr) == (2, False)


def test_a_link_is_not_followed(tmp_path, service):
    (tmp_path / "comment.json").symlink_to("/etc/passwd")
    done = _second(tmp_path, service, tmp_path / "comment.json")
    assert (done.returncode, "it is no file" in done.stderr) == (2, True)
    assert _second(tmp_path, service, tmp_path / "nowhere.json").returncode == 2
