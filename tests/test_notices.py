"""Who is told when a run fails or its version looks odd, and what is odd."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pandas as pd
import pytest
from test_deployments import newest, run

import schemas
from pipeline import release
from pipeline.errors import RunFailedError, UsageError
from pipeline.quality import warnings as odd

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@contextmanager
def receiver(*answers):
    """A webhook on this machine that gives these answers in turn, then 200; yields its address and what it got."""
    got, left = [], list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Content-Type"], json.loads(body)))
            self.send_response(left.pop(0) if left else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("flows.notices.FIRST_WAIT", 0.01)


def test_a_failed_run_is_told_until_the_receiver_takes_it(prefect_server, press, tmp_path, monkeypatch, quick):
    with receiver(503, 429) as (url, got), release.writing(tmp_path / "output"):
        monkeypatch.setenv("DATELINE_WEBHOOK_URL", url)
        with pytest.raises(RunFailedError):
            run(press, tmp_path / "output")
    made = newest()
    assert len(got) == 3
    assert {kind for kind, _ in got} == {"application/json"}
    message = got[-1][1]
    assert (message["kind"], message["version"]) == ("failed", None)
    assert (message["flow_run"], message["flow_run_id"]) == (made.name, str(made.id))
    assert message["reason"] == made.state.message
    assert message["text"] == f"dateline: run '{made.name}' failed: {made.state.message}"
    assert message["flow_run_url"].endswith(str(made.id))


@pytest.mark.parametrize(("answers", "times"), [((403,) * 9, 1), ((500,) * 9, 4)])
def test_a_receiver_that_refuses_is_asked_no_more_than_helps(
    prefect_server, press, tmp_path, monkeypatch, quick, caplog, answers, times
):
    with receiver(*answers) as (url, got), release.writing(tmp_path / "output"):
        monkeypatch.setenv("DATELINE_WEBHOOK_URL", url)
        with pytest.raises(RunFailedError, match="another run"):
            run(press, tmp_path / "output")
    assert newest().state.message.startswith("another run")
    assert len(got) == times
    assert "The webhook at '127.0.0.1' was not told" in caplog.text


def test_a_receiver_that_is_not_there_costs_no_run(prefect_server, press, tmp_path, monkeypatch, quick, caplog):
    monkeypatch.setattr("pipeline.quality.alarms.ENOUGH", 1)
    monkeypatch.setenv("DATELINE_WEBHOOK_URL", "http://127.0.0.1:9/hook?token=secret")
    assert run(press, tmp_path / "output")
    assert newest().state.is_completed()
    assert "was not told" in caplog.text
    assert "secret" not in caplog.text


def test_a_server_is_told_once_to_watch_for_silent_runs(prefect_server, monkeypatch):
    from flows import silence

    def automations():
        return {made["name"]: made for made in httpx.post(f"{prefect_server}/automations/filter", json={}).json()}

    monkeypatch.setenv("DATELINE_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    silence.watch()
    first = automations()
    assert first.keys() == {silence.WATCHING, silence.TELLING}
    silence.watch()
    assert automations() == first, "a change would forget what is being watched"
    monkeypatch.delenv("DATELINE_WEBHOOK_URL")
    silence.watch()
    assert automations() == {silence.WATCHING: first[silence.WATCHING]}


def test_an_odd_version_is_told_and_an_ordinary_one_is_not(prefect_server, press, tmp_path, monkeypatch):
    with receiver() as (url, got):
        monkeypatch.setenv("DATELINE_WEBHOOK_URL", url)
        run(press, tmp_path / "ordinary")
        assert got == []
        monkeypatch.setattr("pipeline.quality.alarms.ENOUGH", 1)  # else a press of this size is never judged
        version = run(press, tmp_path / "odd")
    message = got[0][1]
    assert (message["kind"], message["version"]) == ("warned", version)
    assert "3 of 11 new records could not be used (27%)" in message["reason"]
    made = release.open_release(tmp_path / "odd")
    assert message["reason"] == " ".join(made.manifest["warnings"])
    assert "3 of 11 new records" in (made.path / "QUALITY.html").read_text("utf-8")


def test_a_webhook_that_is_no_address_is_refused_at_once(monkeypatch, tmp_path):
    from flows.deployments import serve

    monkeypatch.setenv("DATELINE_WEBHOOK_URL", "hooks.example/T0")
    with pytest.raises(UsageError, match="expected http://"):
        serve(tmp_path, tmp_path, ui=True, port=4200)


# ---------------------------------------------------------------- what is odd


def made_of(articles, version="2026.01.02.1", **tables):
    """Tables with these articles, each (new, published_at, source, coding_status, has an event)."""
    frames = {name: schemas.empty(name) for name in schemas.TABLES}
    frames["articles"] = pd.DataFrame(
        {
            "article_id": [f"art-{i}" for i in range(len(articles))],
            "first_version": [version if a[0] else "2026.01.01.1" for a in articles],
            "published_at": pd.to_datetime([a[1] for a in articles]),
            "source": [a[2] for a in articles],
            "coding_status": [a[3] for a in articles],
            "raw_path": "wire.jsonl",
            "raw_line": range(1, len(articles) + 1),
        }
    )
    frames["event_mentions"] = pd.DataFrame({"article_id": [f"art-{i}" for i, a in enumerate(articles) if a[4]]})
    return {**frames, **tables}


GOOD = (False, "2026-01-01", "Wire", "coded", True)
NEW = (True, *GOOD[1:])


@pytest.mark.parametrize(
    ("articles", "told"),
    [
        ([GOOD] * 40 + [NEW] * 20, []),
        ([GOOD] * 40 + [(True, None, *GOOD[2:])] * 19, []),  # too few to judge
        (
            [GOOD] * 40 + [NEW] * 10 + [(True, None, *GOOD[2:])] * 10,
            ["50% of 20 new articles have no publication date, against 0% of those before."],
        ),
        ([NEW] * 10 + [(True, None, *GOOD[2:])] * 10, []),  # nothing to compare with: half may be undated
        (
            [NEW] * 10 + [(True, "2026-01-01", "Wire", "no model", False)] * 11,
            ["52% of 21 new articles are in a language without a model."],
        ),
        (
            [GOOD] * 30 + [(True, "2026-01-01", "Wire", "coded", False)] * 20,
            ["100% of 20 new coded articles hold no event, against 0% of those before."],
        ),
    ],
)
def test_new_articles_that_differ_are_odd(articles, told):
    assert odd(made_of(articles), "2026.01.02.1", {}) == told


def test_records_that_cannot_be_used_are_odd_but_not_articles_that_lack_one_value():
    of = {"table": ["records"] * 4, "first_version": ["2026.01.02.1"] * 4, "raw_path": ["wire.jsonl"] * 4}
    doubted = pd.DataFrame({**of, "raw_line": [1, 2, 3, 4]})
    lost = pd.DataFrame({**of, "raw_line": [1, 2, 901, None]})
    assert odd(made_of([NEW] * 30, rejects=doubted), "2026.01.02.1", {}) == []
    assert odd(made_of([NEW] * 30, rejects=lost), "2026.01.02.1", {}) == [
        "2 of 32 new records could not be used (6%): see rejects."
    ]


def test_an_article_on_which_coding_failed_is_odd():
    failed = (True, "2026-01-01", "Wire", "failed", False)
    assert odd(made_of([NEW] * 3 + [failed]), "2026.01.02.1", {}) == [
        "Coding failed on 1 of 4 new articles: see rejects."
    ]


def test_rows_that_are_gone_or_invalid_are_odd():
    versions = ["2026.01.02.1", "2026.01.01.1"]
    rejects = pd.DataFrame({"table": ["events", "raw"], "first_version": versions, "raw_path": "x", "raw_line": 1})
    tables = made_of([GOOD] * 40, rejects=rejects, events=pd.DataFrame({"event_id": range(85)}))
    assert odd(tables, "2026.01.02.1", {"events": 100, "articles": 42, "rejects": 500}) == [
        "Rows failed validation and were left out (events 1): see rejects.",
        "events has 85 rows, 15% fewer than in the version before.",
    ]
