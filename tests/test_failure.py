"""What fails and what does not: articles that cannot be coded, workers that die, storage that is away for a moment."""

import logging
import multiprocessing
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
from test_flows import hashes, recode, run, stage
from writing import write_articles

from pipeline import articles, chain, release, shards, workers
from pipeline.errors import RunFailedError
from pipeline.records import Record
from pipeline.shards import Refused, Shard
from pipeline.verify import verify

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

TOO_LONG = "Harbour pilots met port officials in Durban on Monday and agreed to a new rota. " * 13_000
"""More characters than the language model takes: the parser raises."""
HEAVY = TOO_LONG[:600_000]
"""Few enough characters, but so many in one article that parsing takes gigabytes."""


def made(texts, root):
    """A shard of articles with these texts."""
    found = [articles.to_article(Record({"id": str(i), "text": text})) for i, text in enumerate(texts)]
    (root / ".store").mkdir(parents=True, exist_ok=True)
    return Shard(found, root / ".store", chain.code_version())


class Refuser(dict):
    """Keeps who was refused and why."""

    def __call__(self, article, reason):
        self[article.source_id] = reason


def test_a_shard_is_cut_until_only_the_faulty_articles_are_left_out(tmp_path):
    texts = [f"The mayor of town {i} met {i + 20} teachers on Friday." for i in range(9)]
    texts[2] = texts[7] = TOO_LONG
    refused = Refuser()
    with workers.threads() as here:
        done = workers.code_all(here, made(texts, tmp_path), refused)
    assert sorted(refused) == ["2", "7"]
    assert sum(part.articles for part in done) == 7
    assert refused["2"].startswith("ValueError: [E088] Text of length 1")
    assert "(at pipeline.chain:" in refused["2"]
    assert "spacy.language:" in refused["2"]
    assert "/" not in refused["2"].partition("(at ")[2], "no path of this machine"


def test_an_error_is_told_without_what_differs_between_machines():
    class Thing:
        pass

    def fail():
        raise ValueError(f"{Thing()}\nand more")

    try:
        fail()
    except ValueError as error:
        told = shards.explained(error)
    assert told.startswith("ValueError: <test_failure.")
    assert "0x" not in told
    assert "\n" not in told
    assert told.endswith("fail)")


def test_a_run_bears_a_share_of_refused_articles_and_no_more(tmp_path):
    first, second, third = made(["One.", "Two.", "Three."], tmp_path).articles
    refused = Refused(rows=40, share=0.05)
    refused.add(first, "x")
    refused.add(second, "x")
    refused.add(second, "x")  # the same again is no other
    with pytest.raises(RunFailedError, match=r"3 of 40 articles cannot be coded, more than the 5% .*: y"):
        refused.add(third, "y")


def test_a_worker_that_dies_is_told_from_one_that_died_before(tmp_path):
    shard = made(["The mayor met teachers on Friday."], tmp_path)
    with workers.processes(1) as one:
        killer = threading.Thread(target=kill_next)
        killer.start()
        with pytest.raises(workers.WorkerLostError):
            one.code(shard)
        killer.join()
        assert one.code(shard).articles == 1
        kill_next()
        time.sleep(0.5)  # the pool notices
        assert one.code(shard).articles == 1, "it died idle: no fault of this shard"


def kill_next():
    """Kill the first worker process of this process as soon as there is one."""
    while not (children := multiprocessing.active_children()):
        time.sleep(0.02)
    os.kill(children[0].pid, signal.SIGKILL)


def test_one_alone_waits_for_the_others_and_the_others_for_it(tmp_path):
    order = []

    class Slow(workers.ThreadPoolExecutor):
        def submit(self, code, shard):
            return super().submit(self.work, shard)

        def work(self, shard):
            what = shard.articles[0].text
            order.append(f"{what} begins")
            time.sleep(0.3)
            order.append(f"{what} ends")

    with workers.Workers(lambda: Slow(1), 3) as three:
        calls = []
        for what, alone in (("a", False), ("b", False), ("c", True), ("d", False)):
            calls.append(threading.Thread(target=three.code, args=(made([what], tmp_path), alone)))
            calls[-1].start()
            time.sleep(0.05)
        for call in calls:
            call.join()
    assert sorted(order[:2]) == ["a begins", "b begins"]
    assert sorted(order[2:4]) == ["a ends", "b ends"]
    assert order[4:] == ["c begins", "c ends", "d begins", "d ends"]


def copied(source, target):
    return Path(shutil.copytree(source, target, symlinks=True))


@pytest.fixture(scope="module")
def poisoned(prefect_server, press, tmp_path_factory):
    """The press and an article that cannot be coded, as a first version; do not write to it."""
    folder = tmp_path_factory.mktemp("poisoned")
    raw = copied(press, folder / "raw")
    (raw / "long.txt").write_text(TOO_LONG, "utf-8")
    _, told = run(raw, folder / "output", runner="threads", max_rejected_share=0.2)
    return folder, told


def failed(output):
    """The one article that could not be coded: its row and its reject."""
    table = release.open_release(output).table("articles")
    rejects = release.open_release(output).table("rejects")
    (article,) = table[table["coding_status"] == "failed"].itertuples()
    (reject,) = rejects[rejects["check"] == "coding"].itertuples()
    return article, reject


def test_an_article_that_cannot_be_coded_is_rejected_and_the_run_completes(poisoned, press):
    folder, told = poisoned
    article, reject = failed(folder / "output")
    assert article.raw_path == "long.txt"
    assert (reject.table, reject.record_id, reject.raw_path) == ("articles", article.article_id, "long.txt")
    assert reject.reason.startswith("long.txt: ValueError: [E088]")
    assert reject.first_version == release.open_release(folder / "output").version
    assert stage(told, "code").split()[1:9] == ["9", "in", "7", "out", "1", "rejected", "1", "duplicate"]
    assert any(line.startswith("Not coded, in rejects: long.txt: ValueError") for line in told.lines)
    assert verify(release.open_release(folder / "output")) == []


def test_the_others_are_coded_as_if_it_were_not_there(poisoned, press, tmp_path):
    run(press, tmp_path / "output", runner="threads")
    with_it, without = release.open_release(poisoned[0] / "output"), release.open_release(tmp_path / "output")
    for name in ("sentences", "mentions", "event_mentions", "event_actors", "quotes", "events", "entities"):
        pd.testing.assert_frame_equal(with_it.table(name), without.table(name), obj=name)


def test_it_is_not_tried_again_until_the_code_changes_or_somebody_asks(poisoned, tmp_path):
    raw = copied(poisoned[0] / "raw", tmp_path / "raw")
    output = copied(poisoned[0] / "output", tmp_path / "output")
    first = release.open_release(output).version
    before = failed(output)[1].reason
    (raw / "new.txt").write_text("The president of Chile met union leaders in Santiago on Friday.\n", "utf-8")
    _, told = run(raw, output, runner="threads", max_rejected_share=0.2)
    assert len(told.words) == 1, "one shard, of the new article"
    assert (failed(output)[1].reason, failed(output)[1].first_version) == (before, first)
    _, told = recode(output, runner="threads", max_rejected_share=0.2)
    assert len(told.words) == 1, "one shard, of the article that failed"
    assert (failed(output)[1].reason, failed(output)[1].first_version) == (before, first)


def test_too_many_of_them_publish_nothing(poisoned, tmp_path):
    with pytest.raises(
        RunFailedError, match=r"1 of 9 articles cannot be coded, more than the 5%.*long\.txt: ValueError"
    ):
        run(poisoned[0] / "raw", tmp_path / "output", runner="threads")
    assert release.versions(tmp_path / "output") == []
    run(poisoned[0] / "raw", tmp_path / "output", runner="threads", max_rejected_share=0.2)
    assert failed(tmp_path / "output")


def test_storage_that_is_away_for_a_moment_is_waited_for(prefect_server, press, tmp_path):
    from prefect.logging.configuration import setup_logging

    output = tmp_path / "output"
    (output / ".store").mkdir(parents=True)
    in_the_way = output / ".store" / "annotations"  # where a shard puts its parses
    in_the_way.write_text("no folder", "utf-8")
    seen = []

    class Mender(logging.Handler):
        """Puts the storage back once the run has met the fault."""

        def emit(self, record):
            if "NotADirectoryError" in record.getMessage() or "FileExistsError" in record.getMessage():
                seen.append(record.getMessage())
                in_the_way.unlink(missing_ok=True)

    setup_logging()  # now, or the first run would take the handler away
    mender = Mender()
    logging.getLogger("prefect.task_runs").addHandler(mender)
    try:
        version, _ = run(press, output, runner="threads")
    finally:
        logging.getLogger("prefect.task_runs").removeHandler(mender)
    assert version
    assert seen


def test_a_worker_that_dies_costs_nothing_but_time(prefect_server, press, tmp_path):
    killer = threading.Thread(target=kill_next)
    killer.start()
    run(press, tmp_path / "killed", workers=1)
    killer.join()
    run(press, tmp_path / "whole", runner="threads")
    assert hashes(tmp_path / "killed") == hashes(tmp_path / "whole")


@pytest.mark.slow
def test_an_article_that_kills_its_worker_is_found_and_rejected(prefect_server, tmp_path):
    psutil = pytest.importorskip("psutil")
    limit = 700_000_000  # bytes; a worker with common articles takes half
    raw = tmp_path / "raw"
    write_articles(raw / "wire.jsonl", 2)
    (raw / "heavy.txt").write_text(HEAVY, "utf-8")
    over, killed = threading.Event(), []

    def guard():
        """Do as the kernel does when memory runs out: kill the process that takes too much."""
        while not over.wait(0.02):
            for child in multiprocessing.active_children():
                try:
                    if psutil.Process(child.pid).memory_info().rss > limit:
                        os.kill(child.pid, signal.SIGKILL)
                        killed.append(child.pid)
                except (psutil.Error, ProcessLookupError):
                    continue

    watching = threading.Thread(target=guard)
    watching.start()
    try:
        _, told = run(raw, tmp_path / "output", max_rejected_share=0.4, shard_words=10**6)
        deaths = len(set(killed))
        (raw / "new.txt").write_text("The president of Chile met union leaders in Santiago on Friday.\n", "utf-8")
        run(raw, tmp_path / "output", max_rejected_share=0.4)
    finally:
        over.set()
        watching.join()
    article, reject = failed(tmp_path / "output")
    assert article.raw_path == "heavy.txt"
    assert reject.reason == f"heavy.txt: {workers.KILLED}"
    assert len(told.words) == 1, "all in one shard"
    assert deaths >= 4, "twice in company, once by itself, once with nothing else at work"
    assert len(set(killed)) == deaths, "the second run did not try again"
    assert verify(release.open_release(tmp_path / "output")) == []
