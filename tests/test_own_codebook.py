"""Own event types and frames: used instead of the packaged ones, and refused with the row that does not fit."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

TYPES = """event_type,mode,quad_class,goldstein,description,example,folds_future,folds_negated
RAID,,4,-5,storms premises,Police raided the office.,RAID,
"""
FRAMES = """mode,pos,triggers,when,source,target,cameo,contexts,example,near_miss
,verb,raid storm,obj,,,171,,Police raided the office of the party.,The raid ended.
"""
PROGRAM = """
import sys
from pathlib import Path
import pipeline
from pipeline.stages import use_codebook
use_codebook(Path(sys.argv[1]))
tables = pipeline.code([{"text": "Police raided the office of the Liberal Party in Lusaka. Zambia condemned Chad."}])
tables["event_mentions"].to_parquet(sys.argv[2])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "frames").mkdir(parents=True)
    (tmp_path / "mine" / "event_types.csv").write_text(TYPES, "utf-8")
    (tmp_path / "mine" / "frames" / "RAID.csv").write_text(FRAMES, "utf-8")
    return tmp_path / "mine"


def code(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), str(folder.parent / "reports.parquet")],
        capture_output=True,
        text=True,
        check=False,
    )


def test_own_types_and_frames_are_the_only_ones(folder: Path) -> None:
    done = code(folder)
    assert done.returncode == 0, done.stderr
    reports = pd.read_parquet(folder.parent / "reports.parquet")
    assert reports["event_type"].tolist() == ["RAID"]
    assert reports["trigger_text"].tolist() == ["raided"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "frames/RAID.csv",
            FRAMES.replace(",verb,", ",verbs,"),
            "frames/RAID.csv line 2: pos 'verbs' (allowed: verb, noun, adj)",
        ),
        ("frames/RAID.csv", FRAMES.replace("obj", "obj:@castle"), "frames/RAID.csv line 2: unknown class '@castle'"),
        ("frames/FEAST.csv", FRAMES, "frames/FEAST.csv: no such event type in knowledge/event_types.csv"),
        (
            "implied.csv",
            "event_type,mode,when,implied_type,implied_mode,cameo,example,near_miss\nRAID,,obj,FEAST,,,A.,B.\n",
            "implied.csv line 2: 'FEAST/' is not in knowledge/event_types.csv",
        ),
        ("classes.yml", "castle: castle tower\n", "knowledge/classes.yml lacks '@"),
        (
            "castles.csv",
            "a,b\n",
            "codebook file 'castles.csv' is unknown (allowed: frames/<TYPE>.csv and event_types.csv",
        ),
    ],
)
def test_a_codebook_that_does_not_fit_is_refused(folder: Path, name: str, text: str, message: str) -> None:
    (folder / name).write_text(text, "utf-8")
    done = code(folder)
    assert done.returncode != 0
    assert message in done.stderr
