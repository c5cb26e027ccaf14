"""Dask gives the rows of processes, byte for byte, also when a worker is killed on the way."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from test_failure import TOO_LONG, made
from test_flows import COMMAND, Told, hashes, run
from writing import write_articles

import pipeline
from flows import runners
from pipeline import progress, release, workers
from pipeline.errors import UsageError

OURS = (Path(pipeline.__file__).parents[1], Path(runners.__file__).parents[1])
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


class Killer(Told):
    """Kills one worker process once two shards are coded."""

    def __init__(self, pids):
        super().__init__()
        self.pids = pids
        self.killed = None

    def advance(self, words):
        super().advance(words)
        if len(self.words) == 2:
            self.killed = self.pids()[0]
            os.kill(self.killed, signal.SIGKILL)


def run_killing(raw, output, pids, **parameters):
    from flows.dateline import dateline

    killer = Killer(pids)
    with progress.telling(killer):
        dateline(raw=raw, output=output, workers=2, runner="dask", **parameters)
    return killer


@pytest.fixture(scope="module")
def by_processes(prefect_server, tmp_path_factory):
    """Raw articles, one of which cannot be coded, and a version that processes made of them."""
    folder = tmp_path_factory.mktemp("by_processes")
    write_articles(folder / "raw" / "wire.jsonl", 60)
    (folder / "raw" / "long.txt").write_text(TOO_LONG, "utf-8")
    run(folder / "raw", folder / "output", workers=2, shard_words=1000)
    assert len(release.open_release(folder / "output").table("rejects")) == 1
    return folder


@pytest.mark.slow
def test_dask_on_this_machine_gives_the_same_bytes_with_a_worker_killed(by_processes, tmp_path):
    def pids():
        return [child.pid for child in multiprocessing.active_children()]

    killer = run_killing(by_processes / "raw", tmp_path / "output", pids, shard_words=1000)
    assert killer.killed
    assert len(killer.words) > 10, "there was work left when the worker was killed"
    assert hashes(tmp_path / "output") == hashes(by_processes / "output")
    assert pids() == [], "the cluster ends with the coding"


@pytest.mark.slow
def test_dask_at_an_address_gives_the_same_bytes_with_a_worker_killed(by_processes, tmp_path):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        killer = run_killing(
            by_processes / "raw",
            tmp_path / "output",
            lambda: list(client.run(os.getpid).values()),
            scheduler=cluster.scheduler_address,
            shard_words=1000,
        )
        assert killer.killed not in client.run(os.getpid).values()
    assert hashes(tmp_path / "output") == hashes(by_processes / "output")


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_said_in_one_line(prefect_server, press, tmp_path):
    pytest.importorskip("distributed")
    ended = subprocess.run(
        [COMMAND, "run", "--raw", press, "--output", tmp_path / "output", "--runner", "dask"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PREFECT_API_URL": prefect_server, "DATELINE_SCHEDULER": "tcp://127.0.0.1:9"},
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "no worker at the Dask scheduler 'tcp://127.0.0.1:9'" in ended.stderr
    assert release.versions(tmp_path / "output") == []


@pytest.mark.parametrize(
    ("runner", "scheduler", "told"),
    [
        ("spark", None, "--runner 'spark' is unknown (allowed: threads, processes, dask)"),
        ("threads", "tcp://10.0.0.1:8786", "--scheduler 'tcp://10.0.0.1:8786' is of no use to --runner threads"),
    ],
)
def test_a_runner_that_cannot_be_is_refused(runner, scheduler, told):
    with pytest.raises(UsageError, match="^" + told.replace("(", r"\(").replace(")", r"\)")):
        runners.check(runner, scheduler)


def test_without_dask_the_extra_is_named(tmp_path):
    """In an environment that has every package but Dask's."""
    installed, without = Path(typer.__file__).parents[1], tmp_path / "site-packages"
    without.mkdir()
    for entry in installed.iterdir():
        if not entry.name.startswith(("dask", "distributed", "prefect_dask")):
            (without / entry.name).symlink_to(entry)
    command = [sys.executable, "-S", "-c", "import pipeline.cli; pipeline.cli.main()"]
    ended = subprocess.run(
        [*command, "run", "--raw", tmp_path, "--output", tmp_path / "output", "--runner", "dask"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*OURS, without)))},
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "pip install 'dateline[dask]'" in ended.stderr


def test_the_environment_names_the_runner_of_deployments(tmp_path):
    code = (
        "from flows.dateline import dateline as d; print([d.parameters.properties[n]['default'] for n in sys.argv[1:]])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}", "runner", "scheduler"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DATELINE_RUNNER": "dask", "DATELINE_SCHEDULER": "tcp://10.0.0.1:8786"},
    )
    assert ended.stdout.strip() == "['dask', 'tcp://10.0.0.1:8786']"


def test_a_worker_that_does_not_see_the_storage_says_what_a_cluster_needs(tmp_path):
    shard = made(["The mayor met teachers on Friday."], tmp_path / "here")
    shard.root = tmp_path / "elsewhere" / ".store"
    with workers.threads() as one, pytest.raises(workers.RunFailedError, match="storage that every machine mounts"):
        one.code(shard)
