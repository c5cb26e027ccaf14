"""What several test files share: a Prefect home of our own, one embedded server a session, a small press."""

import json
import os
import signal
import tempfile
from pathlib import Path

import pytest

import flows  # noqa: F401 - sets Prefect up, before anything imports it

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="dateline-prefect-")  # before anything imports Prefect
os.environ.pop("PREFECT_API_URL", None)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell makes what it starts in the background ignore it


@pytest.fixture(scope="session")
def prefect_server():
    """A Prefect server for the session's flow runs; yields its API address. Takes some ten seconds to start."""
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),  # each run ends with a second of idle thread
    ):
        yield PREFECT_API_URL.value()


STORIES = {
    "treaty": "ORVANE, March 3 (Meridian Wire) - The foreign minister of Kenya, Amina Otieno, will visit Norway next"
    " week for talks with Norwegian officials, her ministry said on Tuesday.\n\nOtieno met her Swedish counterpart in"
    ' Stockholm on Monday. "We expect a long friendship," she said after the meeting.\n',
    "march": "Thousands of teachers marched through Lisbon on Saturday against the government of Portugal, demanding"
    " higher pay.\n\nPolice arrested 12 protesters near the parliament, a police spokesman said.\n",
    "court": "A court in Nairobi convicted the former governor Peter Kamau of fraud on Thursday and sentenced him to"
    " six years in prison.\n\nKamau denied the charges. His lawyers said they would appeal.\n",
    "aid": "Japan sent 40 tonnes of food to Mozambique on Wednesday after floods there displaced 3,000 people.\n",
    "fight": "Gunmen attacked a village in northern Mali on Sunday and killed nine people, the army said.\n\nThe army"
    " did not say who the attackers were. France condemned the attack.\n",
    "match": "Rovers attacked from the start and beat United 3-1 on Saturday to stay top of the league.\n",
}


def write_press(raw: Path) -> Path:
    """A raw folder: six text files with sidecars, and JSON lines with a copy, a Spanish article and three faults."""
    raw.mkdir(parents=True)
    for day, (name, text) in enumerate(STORIES.items(), start=3):
        (raw / f"{name}.txt").write_text(text, "utf-8")
        about = {"title": name.title(), "source": "Meridian Wire", "published_at": f"2026-03-{day:02}"}
        (raw / f"{name}.meta.json").write_text(json.dumps(about), "utf-8")
    lines = [
        {"id": "1", "text": STORIES["march"], "source": "Harbour Post", "published_at": "2026-03-05"},
        {"id": "2", "text": "El ministro de Defensa visitó la capital el martes y habló con los soldados del cuartel."},
        {"id": "3", "text": "A boat sank off the coast on Friday.", "published_at": "31/02/2026"},
        {"id": "4", "title": "no text"},
    ]
    rows = [json.dumps(line, ensure_ascii=False) for line in lines]
    (raw / "wire.jsonl").write_text("\n".join([*rows, '{"id": "5", "text": "cut o']) + "\n", "utf-8")
    return raw


@pytest.fixture(scope="session")
def press(tmp_path_factory) -> Path:
    """The raw folder of ``write_press``; do not write to it."""
    return write_press(tmp_path_factory.mktemp("press") / "raw")
