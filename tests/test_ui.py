"""What an operator does in the Prefect UI, in a real browser, on a real server with served deployments."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_notices import receiver
from writing import write_articles

from pipeline import release
from pipeline.verify import verify

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PORT = re.compile(r"\d+$")
LONG = 150_000  # milliseconds: a run with other work on the machine
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextlib.contextmanager
def serving(folder, raw, *options, **settings):
    """``dateline serve`` in a process of its own with a fresh Prefect home; yields its process and the UI's address."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DATELINE_"))}
    environment |= {"PREFECT_HOME": str(folder / "home"), **settings}
    here = [] if "PREFECT_API_URL" in settings else ["--ui", "--port", str(port)]
    command = [Path(sys.executable).with_name("dateline"), "serve", *here]
    log = folder / "serve.log"
    with log.open("w") as told:
        process = subprocess.Popen(
            [*command, "--raw", raw, "--output", folder / "output", *options],
            env=environment,
            cwd=folder,
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 180
            while "Your deployments are being served" not in log.read_text("utf-8"):
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.5)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            with contextlib.suppress(ProcessLookupError):  # whatever of its session is left
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def desk(press, tmp_path_factory):
    """The UI's address, the folder that the runs publish to, and what the webhook was told."""
    folder = tmp_path_factory.mktemp("desk")
    with receiver() as (url, told), serving(folder, press, DATELINE_WEBHOOK_URL=url) as (_, address):
        yield address, folder / "output", told


@pytest.fixture(scope="module")
def browser():
    if not BROWSER:
        pytest.skip("needs Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield found
        found.close()


@pytest.fixture
def page(browser, desk, tmp_path):
    """A page of the UI that keeps a screenshot of how the test ended, and asks no other machine for anything."""
    versions = desk[0].replace(PORT.search(desk[0])[0], str(int(PORT.search(desk[0])[0]) + 1))
    opened = browser.new_page(viewport={"width": 1400, "height": 1000})
    opened.set_default_timeout(30_000)
    asked = []
    opened.context.on("request", lambda request: asked.append(request.url))
    yield opened
    opened.screenshot(path=tmp_path / "end.png", full_page=True)
    opened.close()
    assert [url for url in asked if not url.startswith((desk[0], versions, "data:", "blob:"))] == []


def field(page, name):
    """The input of one parameter in the form."""
    about = page.locator(".schema-form-property").filter(has=page.get_by_text(f"{name} (Optional)", exact=True))
    return about.locator("input, textarea").first


def start(page, address, deployment, how):
    """Open a deployment and press Run."""
    page.goto(f"{address}/deployments")
    page.get_by_role("link", name=deployment, exact=True).first.click()
    page.get_by_role("button", name="Run", exact=True).last.click()
    page.get_by_text(how, exact=True).click()


def view_run(page, deployment):
    """Open the deployment's newest run from its page, once it has begun and has its name."""
    page.get_by_role("link", name=re.compile(rf"^{deployment} \d{{4}}-")).first.click(timeout=LONG)
    page.wait_for_url(re.compile("/runs/flow-run/"))


def test_a_nightly_run_with_a_changed_parameter_completes_and_shows_what_came_of_it(desk, page, tmp_path):
    from playwright.sync_api import expect

    address, output, _ = desk
    page.goto(f"{address}/deployments")
    for name in ("nightly", "backfill", "recode", "fetch", "verify"):
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    expect(page.get_by_text("At 02:00 AM every day")).to_be_visible()
    expect(page.get_by_text("V2 UI")).to_have_count(0)  # it asks an outside host
    page.screenshot(path=tmp_path / "deployments.png", full_page=True)

    start(page, address, "nightly", "Custom run")
    expect(page.get_by_text("Directory of the published versions.")).to_be_visible()
    field(page, "workers").fill("0")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("0 is less than the minimum of 1").first).to_be_visible()
    page.screenshot(path=tmp_path / "form.png", full_page=True)

    field(page, "workers").fill("1")
    field(page, "max_rejected_share").fill("0.25")
    page.get_by_role("button", name="Submit").click()
    view_run(page, "nightly")
    expect(page.get_by_text("Completed", exact=True).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text(re.compile(r"nightly \d{4}-\d\d-\d\d, 8 new articles"))).to_be_visible()
    line = page.get_by_text(re.compile(r"publish .* rows; \d{4}\."))  # the library's lines, in the log, a little later
    expect(line).to_be_visible(timeout=60_000)
    page.screenshot(path=tmp_path / "run.png", full_page=True)

    page.get_by_text("Artifacts", exact=True).click()
    for key in ("stages", "changes", "version", "quality", "coding"):
        expect(page.get_by_text(key, exact=True).first).to_be_visible()
    page.screenshot(path=tmp_path / "artifacts.png", full_page=True)
    page.get_by_text("stages", exact=True).first.click()
    expect(page.get_by_text("assemble", exact=True)).to_be_visible()
    page.screenshot(path=tmp_path / "stages.png", full_page=True)
    page.go_back()
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("changes", exact=True).first.click()
    expect(page.get_by_text("The first version: there is nothing to compare it with.")).to_be_visible()
    page.screenshot(path=tmp_path / "changes.png", full_page=True)
    page.go_back()
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("quality", exact=True).first.click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name=str(output)).click()
    expect(opened.value.get_by_role("heading", name=re.compile("Quality of version"))).to_be_visible()
    opened.value.screenshot(path=tmp_path / "quality.png", full_page=True)

    made = release.open_release(output)
    assert made.manifest["settings"]["max_rejected_share"] == 0.25
    assert verify(made) == []


def test_a_run_that_cannot_start_says_in_one_line_what_to_do(desk, page, tmp_path):
    from playwright.sync_api import expect

    address, output, told = desk
    with release.writing(output):
        start(page, address, "backfill", "Quick run")
        view_run(page, "backfill")
        expect(page.get_by_text("Failed", exact=True).first).to_be_visible(timeout=LONG)
    page.get_by_text("Details", exact=True).click()
    page.get_by_text("See More").click()
    line = f"another run (process {os.getpid()}) is writing to '{output}'; nothing was done, start this one again when"
    expect(page.get_by_text(line).first).to_be_visible()
    page.screenshot(path=tmp_path / "failed.png", full_page=True)
    assert [message["kind"] for _, message in told] == ["failed"]
    assert line in told[0][1]["reason"]
    assert told[0][1]["flow_run_url"] == page.url.split("?")[0]


def test_runs_on_one_output_do_not_overlap(desk, tmp_path):
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    address, *_ = desk
    write_articles(tmp_path / "raw" / "wire.jsonl", 150, sentences=25)  # half a minute of work for one
    here = {"raw": str(tmp_path / "raw"), "output": str(tmp_path / "output"), "workers": 1}
    with temporary_settings({PREFECT_API_URL: f"{address}/api"}), get_client(sync_client=True) as client:

        def start(deployment):
            made = client.read_deployment_by_name(f"dateline/{deployment}")
            return client.create_flow_run_from_deployment(made.id, parameters=here).id

        def wait(run, *states):
            deadline = time.monotonic() + LONG / 1000
            while (state := client.read_flow_run(run).state).name not in states:
                assert time.monotonic() < deadline, state
                time.sleep(0.2)
            return state

        first = start("nightly")
        wait(first, "Running")
        again, other = start("nightly"), start("backfill")
        wait(again, "AwaitingConcurrencySlot")
        assert client.read_flow_run(first).state.is_running()
        other = wait(other, "Completed", "Failed")
        done = wait(first, "Completed", "Failed", "Crashed")
        second = wait(again, "Completed", "Failed", "Crashed")
        assert client.read_flow_run(again).name.endswith(", nothing new")
    assert (done.name, second.name, other.name) == ("Completed", "Completed", "Failed")
    assert other.message.startswith("another run (process ")
    assert len(release.versions(tmp_path / "output")) == 1


def test_a_run_whose_process_is_killed_is_told_as_crashed(desk, press, tmp_path):
    import psutil
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    address, _, told = desk
    here = {"raw": str(press), "output": str(tmp_path / "output"), "workers": 1}
    with temporary_settings({PREFECT_API_URL: f"{address}/api"}), get_client(sync_client=True) as client:
        run = client.create_flow_run_from_deployment(
            client.read_deployment_by_name("dateline/nightly").id, parameters=here
        ).id
        deadline = time.monotonic() + LONG / 1000
        while not (tmp_path / "output" / ".lock").exists() or not (
            holder := (tmp_path / "output" / ".lock").read_text()
        ):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        psutil.Process(int(holder)).kill()
        while not (found := [message for _, message in told if message["flow_run_id"] == str(run)]):
            assert time.monotonic() < deadline, client.read_flow_run(run).state
            time.sleep(0.2)
        assert client.read_flow_run(run).state.is_crashed()
    assert found[0]["kind"] == "crashed"
    assert "-9" in found[0]["reason"]


def test_the_nightly_schedule_fires_and_its_run_publishes(press, tmp_path):
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    def nightly_runs(address):
        with temporary_settings({PREFECT_API_URL: f"{address}/api"}), get_client(sync_client=True) as client:
            return client.read_flow_runs()

    with serving(tmp_path, press, "--cron", "* * * * *", "--timezone", "Asia/Kathmandu") as (_, address):
        deadline = time.monotonic() + LONG / 1000
        done = []
        while not done and time.monotonic() < deadline:
            time.sleep(1)
            done = [run for run in nightly_runs(address) if run.state.is_completed()]
    assert done, (tmp_path / "serve.log").read_text("utf-8")
    assert done[0].auto_scheduled
    assert done[0].name.startswith("nightly ")
    assert done[0].name.endswith(", 8 new articles")
    assert done[0].expected_start_time.second == 0
    assert len(release.open_release(tmp_path / "output").table("articles")) == 8


SOON = """
from datetime import timedelta
from flows import silence
silence.PATIENCE = timedelta(seconds=40)
silence.watch()
"""


def test_a_run_whose_machine_goes_off_is_told_as_crashed(press, tmp_path):
    import psutil
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows import deployments, server, silence

    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    with (
        receiver() as (url, told),
        server.process(port, PREFECT_HOME=str(tmp_path / "server")) as afar,
        temporary_settings({PREFECT_API_URL: api}),
        get_client(sync_client=True) as client,
    ):
        deployments.wait(afar, f"{api}/health")
        settings = {"PREFECT_API_URL": api, "DATELINE_WEBHOOK_URL": url}
        with serving(tmp_path, press, **settings) as (machine, _):
            subprocess.run([sys.executable, "-c", SOON], check=True, env={**os.environ, **settings})
            run = client.create_flow_run_from_deployment(client.read_deployment_by_name("dateline/nightly").id).id
            deadline = time.monotonic() + LONG / 1000
            while not client.read_flow_run(run).state.is_running():
                assert time.monotonic() < deadline
                time.sleep(0.1)
            for process in (*psutil.Process(machine.pid).children(recursive=True), machine):
                process.kill()
        while not (state := client.read_flow_run(run).state).is_final():
            assert time.monotonic() < deadline, state
            time.sleep(0.5)
        while not told:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        afar.terminate()
    assert state.is_crashed()
    assert state.message == told[0][1]["reason"] == silence.REASON
    assert (told[0][1]["kind"], told[0][1]["flow_run_id"]) == ("crashed", str(run))
    assert told[0][1]["flow_run_url"] == f"{api.removesuffix('/api')}/runs/flow-run/{run}"
