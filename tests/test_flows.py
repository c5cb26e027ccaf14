"""Real flows on Prefect's embedded server, real workers, real kills."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pandas as pd
import pytest

import schemas
from pipeline import progress, release, store
from pipeline.errors import RunFailedError
from pipeline.release import sha256_file
from pipeline.verify import sound, verify

COMMAND = Path(sys.executable).with_name("dateline")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


class Told(progress.Silent):
    """Keeps what a run says."""

    def __init__(self):
        self.lines = []
        self.words = []

    def say(self, line):
        self.lines.append(line)

    def advance(self, words):
        self.words.append(words)


def run(raw, output, **parameters):
    """One run of the flow: its version, and what it said."""
    from flows.dateline import dateline

    told = Told()
    with progress.telling(told):
        version = dateline(raw=raw, output=output, **{"workers": 1, **parameters})
    return version, told


def recode(output, **parameters):
    from flows.dateline import recode as flow

    told = Told()
    with progress.telling(told):
        version = flow(output=output, workers=1, **parameters)
    return version, told


def stage(told, name):
    return next(line for line in told.lines if line.startswith(name))


def hashes(output):
    tables = release.open_release(output).manifest["tables"]
    return {name: entry["files"][0]["sha256"] for name, entry in tables.items()}


@pytest.fixture(scope="module")
def published(prefect_server, press, tmp_path_factory):
    """The press as a first version, by one worker; do not write to it."""
    output = tmp_path_factory.mktemp("published") / "output"
    _, told = run(press, output)
    return output, told


@pytest.fixture
def output(published, tmp_path):
    """A copy of the first version that a test may work on."""
    return Path(shutil.copytree(published[0], tmp_path / "output", symlinks=True))


def test_a_run_publishes_every_article_and_every_reject(published):
    output, told = published
    made = release.open_release(output)
    articles = made.table("articles")
    assert len(articles) == 8
    assert articles["coding_status"].value_counts().to_dict() == {"coded": 6, "copy": 1, "dates only": 1}
    assert "7 parsed, 0 from stored parses, 0 coded before, 1 of these for dates only" in stage(told, "code")
    spanish = made.table("mentions").merge(articles.query("coding_status == 'dates only'")["article_id"])
    assert spanish[["text", "label"]].values.tolist() == [["martes", "DATE"]]
    assert set(articles["first_version"]) == {made.version}
    rejects = made.table("rejects")
    assert set(rejects["raw_path"]) == {"wire.jsonl"}
    assert sorted(rejects["raw_line"].dropna()) == [3, 4, 5]
    assert [line.split()[0] for line in told.lines] == ["read", "articles", "code", "assemble", "validate", "publish"]
    assert verify(made) == []
    assert {"CODEBOOK.md", "QUALITY.html", "CHANGES.md"} <= {p.name for p in made.path.iterdir()}


def test_the_manifest_says_where_the_rows_come_from(published, press):
    manifest = release.open_release(published[0]).manifest
    assert {f["path"] for f in manifest["raw"]} == {p.name for p in press.iterdir() if ".meta." not in p.name}
    assert all(f["sha256"] == sha256_file(press / f["path"]) for f in manifest["raw"])
    assert manifest["models"]["en"].startswith("en_core_web_sm")
    assert [s["name"] for s in manifest["stages"]] == ["read", "articles", "code", "assemble", "validate"]
    assert all(s["rows_in"] == s["rows_out"] + s["rejected"] + s["duplicate"] for s in manifest["stages"])


def test_any_number_of_workers_and_any_shards_give_the_same_bytes(published, press, tmp_path):
    _, told = run(press, tmp_path / "output", workers=4, shard_words=1)
    assert len(told.words) == 7, "a shard for every article"
    assert hashes(tmp_path / "output") == hashes(published[0])


def test_a_second_run_publishes_nothing(output, press):
    version, told = run(press, output)
    assert version is None
    assert any("Nothing new" in line for line in told.lines)
    assert len(release.versions(output)) == 1


def test_one_new_file_is_all_that_is_parsed(output, press, tmp_path):
    raw = Path(shutil.copytree(press, tmp_path / "raw"))
    (raw / "new.txt").write_text("The president of Chile met union leaders in Santiago on Friday.\n", "utf-8")
    version, told = run(raw, output)
    assert "1 parsed, 0 from stored parses, 7 coded before" in stage(told, "code")
    new, old = release.open_release(output).table("articles"), release.versions(output)[0]
    assert len(new) == 9
    assert new["first_version"].value_counts().to_dict() == {old: 8, version: 1}
    assert set(release.open_release(output).table("rejects")["first_version"]) == {old}
    assert verify(release.open_release(output)) == []


def test_old_articles_stay_when_their_raw_files_are_gone(output, tmp_path):
    raw = tmp_path / "elsewhere"
    raw.mkdir()
    (raw / "new.txt").write_text("The president of Chile met union leaders in Santiago on Friday.\n", "utf-8")
    run(raw, output)
    assert len(release.open_release(output).table("articles")) == 9


def test_many_nights_give_the_rows_of_one_run(prefect_server, press, published, tmp_path):
    output, raw = tmp_path / "output", tmp_path / "raw"
    raw.mkdir()
    for path in sorted(press.iterdir(), reverse=True):  # the copy comes before its original is known
        shutil.copy(path, raw)
        if path.name in ("treaty.meta.json", "match.meta.json", "aid.meta.json"):
            run(raw, output, shard_words=30)
    assert len(release.versions(output)) == 3
    once, nightly = release.open_release(published[0]), release.open_release(output)
    for name in schemas.TABLES:
        left, right = (r.table(name).drop(columns="first_version", errors="ignore") for r in (once, nightly))
        pd.testing.assert_frame_equal(left, right, obj=name)


def test_recode_publishes_nothing_where_nothing_has_changed(output):
    first = release.versions(output)[0]
    version, told = recode(output)
    assert (version, release.versions(output)) == (None, [first])
    assert told.lines == [f"Code and knowledge are those of version {first}: no new version; --force would make one."]
    assert recode(output, force=True)[0] == release.versions(output)[1]


@pytest.mark.parametrize(("name", "value"), [("code_version", "c0"), ("models", {}), ("schema_version", "1.0.0")])
def test_recode_publishes_where_code_model_or_schema_has_changed(output, name, value):
    made = release.open_release(output)
    path = made.path / "manifest.json"
    path.chmod(0o644)
    path.write_text(json.dumps({**made.manifest, name: value}), "utf-8")  # as older code would have published it
    assert recode(output)[0] == release.versions(output)[1]


def test_recode_parses_nothing_and_gives_the_same_rows(output):
    before = hashes(output)
    shutil.rmtree(output / ".store" / "coded")  # as after a change of code
    version, told = recode(output, force=True)
    assert "0 parsed, 7 from stored parses" in stage(told, "code")
    assert release.open_release(output).version == version
    assert hashes(output) == before


@pytest.mark.parametrize("kind", ["coded", "annotations"])
def test_a_damaged_pack_is_computed_again_and_said(output, kind):
    before = hashes(output)
    if kind == "annotations":
        shutil.rmtree(output / ".store" / "coded")
    pack = next(p for p in (output / ".store" / kind).rglob("*") if p.is_file())
    data = bytearray(pack.read_bytes())
    data[-3] ^= 1
    pack.write_bytes(data)
    _, told = recode(output, force=True)
    assert any(pack.name in line and "computed again" in line for line in told.lines)
    assert hashes(output) == before
    assert store.Shelf(pack.parents[1]).get(pack)


def test_a_mended_file_takes_its_rejects_away(output, press, tmp_path):
    raw = Path(shutil.copytree(press, tmp_path / "raw"))
    (raw / "wire.jsonl").write_text("".join((press / "wire.jsonl").read_text("utf-8").splitlines(True)[:3]), "utf-8")
    run(raw, output)
    assert sorted(release.open_release(output).table("rejects")["raw_line"]) == [3]


def test_verify_finds_one_flipped_byte_and_counts_the_rows_that_the_run_counted(output):
    made = release.open_release(output)
    assert verify(made) == []
    rows = made.manifest["stages"][-1]["rows_out"]
    assert sound(made) == f"version {made.version} is sound: 10 tables, {rows:,} rows and 3 rejects"
    path = made.path / "sentences.parquet"
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert verify(made) == ["sentences.parquet: its bytes changed since it was published (checksum differs)"]


def test_too_many_rejects_publish_nothing(output, press, tmp_path, monkeypatch):
    from pipeline import chain

    assemble = chain.assemble

    def spoiled(*args, **kwargs):
        tables = assemble(*args, **kwargs)
        tables["sentences"].loc[:3, "char_end"] = 10**6  # beyond the article
        return tables

    monkeypatch.setattr(chain, "assemble", spoiled)
    with pytest.raises(RunFailedError, match="sentences"):
        run(press, output, force=True)
    assert len(release.versions(output)) == 1


def test_bad_parameters_are_refused_before_a_run_exists(prefect_server, press, tmp_path):
    from prefect.exceptions import ParameterTypeError

    with pytest.raises(ParameterTypeError, match="workers"):
        run(press, tmp_path / "output", workers=0)
    assert not (tmp_path / "output").exists()


def test_the_flow_says_what_its_parameters_mean(prefect_server):
    from flows.dateline import dateline, recode

    for flow in (dateline, recode):
        properties = flow.parameters.properties
        assert properties
        assert [name for name, about in properties.items() if not about.get("description")] == []


def dateline(*arguments, api, **settings):
    """The command in a process of its own, on the session's server; its processes carry a mark."""
    mark = uuid.uuid4().hex
    environment = {**os.environ, "PREFECT_API_URL": api, "DATELINE_TEST_MARK": mark}
    process = subprocess.Popen(
        [COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **settings
    )
    return process, mark


def alive(mark):
    """How many processes with the mark run."""
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found += mark.encode() in (folder / "environ").read_bytes() and b"Z" not in (folder / "stat").read_bytes()
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for left-over processes in /proc")
@pytest.mark.parametrize(
    "last_line", ["articles", *(pytest.param(stage, marks=pytest.mark.slow) for stage in ("code", "validate"))]
)
def test_killed_runs_leave_the_last_version_and_no_process(prefect_server, output, press, tmp_path, last_line):
    before = hashes(output)
    raw = Path(shutil.copytree(press, tmp_path / "raw"))
    (raw / "new.txt").write_text("The president of Chile met union leaders in Santiago on Friday.\n" * 50, "utf-8")
    process, mark = dateline("run", "--raw", raw, "--output", output, api=prefect_server)
    for line in process.stdout:
        if line.startswith(last_line):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 20
    while alive(mark) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert alive(mark) == 0
    if len(release.versions(output)) == 1:
        assert hashes(output) == before
    assert verify(release.open_release(output)) == []
    run(raw, output)
    assert len(release.open_release(output).table("articles")) == 9
    assert sorted(p.name for p in output.iterdir()) == [".lock", ".store", "latest", "versions"]


def test_a_second_run_at_the_same_time_is_told_at_once(output, press):
    with release.writing(output):
        begin = time.monotonic()
        ended = subprocess.run(
            [COMMAND, "run", "--raw", press, "--output", output], capture_output=True, text=True, check=False
        )
        took = time.monotonic() - begin
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"another run (process {os.getpid()}) is writing" in ended.stderr
    assert took < 10, "before Prefect starts"


def test_the_command_on_a_fresh_home_with_nothing_started(press, tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment["PREFECT_HOME"] = str(tmp_path / "home")
    ended = subprocess.run(
        [COMMAND, "run", "--raw", press, "--output", tmp_path / "output", "--workers", "1"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "\x1b" not in ended.stdout, "no colours and no bar where nobody looks"
    made = release.open_release(tmp_path / "output")
    lines = ended.stdout.splitlines()
    assert [line.split()[0] for line in lines[:6]] == ["read", "articles", "code", "assemble", "validate", "publish"]
    assert lines[-1] == str(made.path)
    assert any(line.split("│")[0].strip() == "events" for line in lines)
