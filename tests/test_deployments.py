"""What an operator has: deployments with forms and a schedule, and runs that say what they are."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import httpx
import pandas as pd
import pytest
import yaml
from test_fetch import page, rss, site  # noqa: F401 - site is a fixture

import schemas
from flows import links
from pipeline import release
from pipeline.errors import RunFailedError, UsageError

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def newest():
    """The flow run that was started last."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC)
    return next(run for run in runs if run.start_time)


def artifacts(flow_run):
    """A run's artifacts by key."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    wanted = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run.id]))
    with get_client(sync_client=True) as client:
        return {artifact.key: artifact for artifact in client.read_artifacts(artifact_filter=wanted)}


def run(raw, output, **parameters):
    from flows.dateline import dateline

    return dateline(raw=raw, output=output, **{"runner": "threads", "workers": 1, **parameters})


@pytest.fixture(scope="module")
def published(prefect_server, press, tmp_path_factory):
    """The press as a first version, and the flow run that made it; do not write to it."""
    output = tmp_path_factory.mktemp("published") / "output"
    run(press, output)
    return output, newest()


@pytest.fixture
def output(published, tmp_path):
    """A copy of the first version that a test may work on."""
    return Path(shutil.copytree(published[0], tmp_path / "output", symlinks=True))


# ---------------------------------------------------------------- deployments and their forms


@pytest.fixture(scope="module")
def served(prefect_server, tmp_path_factory):
    """The deployments, registered as ``dateline serve`` does it, by name."""
    from prefect.client.orchestration import get_client

    from flows.deployments import deployments

    folder = tmp_path_factory.mktemp("served")
    made = deployments(folder / "raw", folder / "output", "30 3 * * *", "Asia/Kathmandu")
    with get_client(sync_client=True) as client:
        return {d.name: client.read_deployment(d.apply()) for d in made}


def test_the_deployments_of_an_operator_are_there(served):
    assert list(served) == ["nightly", "backfill", "recode", "fetch", "verify"]
    assert served["backfill"].parameters["force"] is True
    assert all(Path(d.parameters.get("output", "/")).is_absolute() for d in served.values())


def test_runs_of_one_deployment_do_not_overlap(served):
    how = {name: d.concurrency_options and d.concurrency_options.collision_strategy for name, d in served.items()}
    assert how == {**dict.fromkeys(("nightly", "backfill", "recode", "fetch"), "ENQUEUE"), "verify": None}
    assert {d.global_concurrency_limit.limit for d in served.values() if d.concurrency_options} == {1}


def test_every_field_of_a_form_is_explained_and_limited(served):
    fields = {(n, k): v for n, d in served.items() for k, v in d.parameter_openapi_schema["properties"].items()}
    assert [key for key, about in fields.items() if not about.get("description")] == []
    workers, share = fields["nightly", "workers"], fields["recode", "max_rejected_share"]
    assert (workers["type"], workers["minimum"], workers["maximum"]) == ("integer", 1, 256)
    assert (share["type"], share["minimum"], share["maximum"]) == ("number", 0, 1)
    assert {"format": "date", "type": "string"} in fields["backfill", "since"]["anyOf"]
    assert fields["fetch", "feeds"]["items"] == {"type": "string"}
    assert served["fetch"].parameter_openapi_schema["required"] == ["feeds"]
    assert "processes" in json.dumps(served["nightly"].parameter_openapi_schema), "the runner is chosen from a list"


def test_the_nightly_schedule_makes_runs_in_its_time_zone(served):
    from prefect.client.orchestration import get_client
    from prefect.server.services.scheduler import schedule_deployments

    asyncio.run(schedule_deployments())  # what a server does every minute; the embedded one leaves it out
    with get_client(sync_client=True) as client:
        runs = [
            r for r in client.read_flow_runs() if r.deployment_id == served["nightly"].id and r.state.is_scheduled()
        ]
    assert runs, "the scheduler made no run: see the pins in pyproject.toml"
    assert {(r.expected_start_time.hour, r.expected_start_time.minute) for r in runs} == {(21, 45)}  # UTC+05:45


def test_a_team_gets_the_same_deployments_from_prefect_yaml(served):
    from prefect.utilities.importtools import import_object

    from flows.deployments import NIGHTLY, TIMEZONE

    team = {made["name"]: made for made in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]}
    assert list(team) == list(served)
    for name, made in team.items():
        flow = import_object(made["entrypoint"].replace("/", ".").replace(".py:", "."))
        options = served[name].concurrency_options
        assert flow.name == served[name].entrypoint.rpartition(":")[2]
        assert made["parameters"].keys() == served[name].parameters.keys() <= flow.parameters.properties.keys()
        assert made.get("concurrency_limit", {}).get("collision_strategy") == (options and options.collision_strategy)
    assert team["nightly"]["schedules"] == [{"cron": NIGHTLY, "timezone": TIMEZONE}]


@pytest.mark.slow
def test_a_worker_of_the_team_runs_what_prefect_yaml_deploys(prefect_server, press, tmp_path):
    from prefect.client.orchestration import get_client

    def prefect(*arguments):
        return [Path(sys.executable).with_name("prefect"), "--no-prompt", *arguments]

    here = {"cwd": ROOT, "env": {**os.environ, "PREFECT_API_URL": prefect_server}, "stdout": subprocess.PIPE}
    subprocess.run(prefect("work-pool", "create", "dateline", "--type", "process"), check=True, **here)
    subprocess.run(prefect("deploy", "--all"), check=True, **here)
    parameters = {"raw": str(press), "output": str(tmp_path / "output"), "runner": "threads"}
    with (
        subprocess.Popen(prefect("worker", "start", "--pool", "dateline"), **{**here, "stdout": None}) as worker,
        get_client(sync_client=True) as client,
    ):
        made = client.read_deployment_by_name("dateline/nightly")
        started = client.create_flow_run_from_deployment(made.id, parameters=parameters)
        deadline = time.monotonic() + 150
        while not (state := client.read_flow_run(started.id).state).is_final() and time.monotonic() < deadline:
            time.sleep(0.5)
        worker.terminate()
    assert state.is_completed(), state
    assert len(release.open_release(tmp_path / "output").table("articles")) == 8


@pytest.mark.parametrize(
    ("cron", "timezone", "told"),
    [
        ("0 25 * * *", "UTC", "--cron '0 25 * * *' is no cron expression"),
        ("nightly", "UTC", "--cron 'nightly'"),
        ("0 2 * * *", "Europe/Nowhere", "--timezone 'Europe/Nowhere' is unknown"),
        ("0 2 * * *", "", "--timezone ''"),
        ("0 2 * * *", "Europe", "--timezone 'Europe' is unknown"),
    ],
)
def test_a_wrong_schedule_is_refused_in_one_line(cron, timezone, told):
    from flows.deployments import nightly

    with pytest.raises(UsageError, match="(?s)^" + told.replace("*", r"\*")) as refused:
        nightly(cron, timezone)
    assert "\n" not in str(refused.value)


# ---------------------------------------------------------------- what a run shows


def test_a_run_is_named_by_what_it_does(published):
    made = published[1]
    assert made.name == f"dateline {made.expected_start_time:%Y-%m-%d}, 8 new articles"


def test_the_stages_are_a_table_that_adds_up(published):
    output, made = published
    table = json.loads(artifacts(made)["stages"].data)
    manifest = release.open_release(output).manifest
    assert [row["stage"] for row in table] == ["read", "articles", "code", "assemble", "validate", "publish"]
    assert all(row["in"] == row["out"] + row["rejected"] + row["duplicate"] for row in table)
    assert [row["out"] for row in table[:-1]] == [stage["rows_out"] for stage in manifest["stages"]]


def test_progress_moves_to_the_end(published):
    bar = artifacts(published[1])["coding"]
    assert bar.type == "progress"
    assert float(bar.data) == 100
    held = release.open_release(published[0]).table("articles")
    words = held.query("coding_status in ('coded', 'dates only')")["word_count"].sum()
    assert bar.description == f"{words:,} of {words:,} words coded"


@pytest.mark.parametrize(("every", "shown"), [(0.0, [25, 50, 75, 75]), (3600.0, [25, 25, 25, 75])])
def test_the_bar_moves_with_the_shards_but_not_more_often_than_it_should(prefect_server, monkeypatch, every, shown):
    from prefect import flow
    from prefect.context import FlowRunContext

    from flows.artifacts import Bar
    from pipeline import progress

    monkeypatch.setattr("flows.artifacts.EVERY", every)

    @flow
    def moving():
        bar = Bar(progress.Silent())
        bar.start(400)
        for move in (*[lambda: bar.advance(100)] * 3, bar.stop):
            move()
            yield float(artifacts(FlowRunContext.get().flow_run)["coding"].data)

    assert list(moving()) == shown


def test_what_changed_and_where_it_lies_are_shown(output, press, tmp_path):
    raw = Path(shutil.copytree(press, tmp_path / "raw"))
    (raw / "new.txt").write_text("The president of Chile met union leaders in Santiago on Friday.\n", "utf-8")
    version = run(raw, output)
    shown = artifacts(newest())
    assert "| articles | 8 | 9 | 1 | 0 | 0 |" in shown["changes"].data
    path = (output / "versions" / version).resolve()
    assert shown["version"].data == f"`{path}`"
    assert shown["quality"].data == f"`{path}/QUALITY.html`"


def test_what_a_run_published_opens_in_a_browser_of_this_machine_and_nothing_else_does(output, tmp_path):
    made = release.open_release(output)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(RunFailedError, match=f"^port {port}, at which"), links.shown(output, port):
            pass
    with links.shown(output, port):
        quality = links.address(made.path / "QUALITY.html")
        assert httpx.get(quality).text == (made.path / "QUALITY.html").read_text("utf-8")
        assert "charset=utf-8" in httpx.get(quality).headers["content-type"]
        assert "CHANGES.md" in httpx.get(links.address(made.path)).text
        assert httpx.get(quality, headers={"Host": f"evil.example:{port}"}).status_code == 403
        assert httpx.get(f"http://127.0.0.1:{port}/%2e%2e/.lock").status_code == 404
        assert links.address(tmp_path / "elsewhere") is None
    assert links.address(made.path) is None


def test_a_run_without_work_says_so_in_its_name(output, press):
    assert run(press, output) is None
    assert newest().name.endswith(", nothing new")


def test_the_second_run_on_an_output_says_what_to_do(output, press):
    with release.writing(output), pytest.raises(RunFailedError, match="another run"):
        run(press, output)
    state = newest().state
    assert state.is_failed()
    assert state.message.startswith("another run (process ")
    assert "\n" not in state.message
    assert "when it has ended" in state.message


def test_a_disk_error_says_what_to_do(output, press):
    (output / "versions").rename(output / "away")
    (output / "versions").write_text("in the way")
    (output / "latest").unlink()
    with pytest.raises(RunFailedError, match="start the run again once this is mended"):
        run(press, output)
    assert newest().state.message.count("\n") == 0


# ---------------------------------------------------------------- a backfill by days


def test_days_are_taken_and_the_rest_is_left_for_another_run(prefect_server, press, published, tmp_path):
    raw, output = Path(shutil.copytree(press, tmp_path / "raw")), tmp_path / "output"
    days = {"since": date(2026, 3, 4), "until": date(2026, 3, 5)}
    run(raw, output, **days)
    first = release.open_release(output)
    assert set(first.table("articles")["published_at"].dt.date) == {date(2026, 3, 4), date(2026, 3, 5)}
    assert {f["path"] for f in first.manifest["raw"] if not f.get("partial")} == {"court.txt", "march.txt"}
    assert run(raw, output, **days) is None, "these days hold nothing new"
    assert run(raw, output, since=date(2026, 4, 1), force=True) is None, "nothing was published then"
    run(raw, output)
    whole, by_parts = release.open_release(published[0]), release.open_release(output)
    assert not [f for f in by_parts.manifest["raw"] if f.get("partial")]
    for name in schemas.TABLES:
        left, right = (r.table(name).drop(columns="first_version", errors="ignore") for r in (whole, by_parts))
        pd.testing.assert_frame_equal(left, right, obj=name)


def test_days_that_end_before_they_begin_are_refused(prefect_server, press, tmp_path):
    with pytest.raises(UsageError, match="since '2026-03-05' lies after until '2026-03-04'"):
        run(press, tmp_path / "output", since=date(2026, 3, 5), until=date(2026, 3, 4))
    assert release.versions(tmp_path / "output") == []


# ---------------------------------------------------------------- verify and fetch


def test_verify_says_whether_a_version_is_sound(output):
    from flows.verify import verify

    made = release.open_release(output)
    verify(output=output)
    assert newest().name.endswith(f", {made.version}")
    path = made.path / "events.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(RunFailedError, match=r"events\.parquet: its bytes changed"):
        verify(output=output)
    failed = newest()
    assert failed.state.message.startswith(f"version {made.version} is damaged: events.parquet")
    assert json.loads(artifacts(failed)["faults"].data)[0]["fault"].startswith("events.parquet")


def test_fetch_puts_new_pages_into_raw_and_says_how_many(prefect_server, site, tmp_path):  # noqa: F811
    from flows.fetch import fetch

    site.answers = {"/feed": rss(site.url("/a"), site.url("/gone")), "/a": page("Dockers walk out")}
    made = fetch(feeds=[site.url("/feed")], raw=tmp_path, delay_seconds=0, allow_private=["127.0.0.1"])
    assert Path(made).parent == tmp_path / "fetched"
    assert newest().name.endswith(", 1 pages")
    left = json.loads(artifacts(newest())["not-fetched"].data)
    assert [(row["what"], row["result"], row["how many"], row["such as"]) for row in left] == [
        ("page", left[0]["result"], 1, site.url("/gone"))
    ]


def test_fetch_says_why_nothing_came(prefect_server, tmp_path):
    from flows.fetch import fetch

    with pytest.raises(RunFailedError, match="none of the 1 addresses could be fetched"):
        fetch(feeds=["http://127.0.0.1:9/feed"], raw=tmp_path)  # a machine of the house: refused, not asked
    assert newest().state.message.count("\n") == 0
    assert list(tmp_path.glob("fetched/*")) == []
