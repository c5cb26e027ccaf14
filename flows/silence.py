"""Runs that died without a word: their machine went off, or was killed with all that watched them.

Nobody who is left can tell, so the server does, by an automation: a run that has begun and then been silent for
``PATIENCE`` is set to Crashed, which frees its place for the next one, and the webhook is told.
"""

import json
import os
import sys
from datetime import timedelta
from uuid import UUID

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.settings import PREFECT_API_URL
from prefect.utilities.urls import url_for
from pydantic import SecretStr

from flows import notices
from flows.dateline import dateline, recode
from flows.fetch import fetch
from flows.verify import verify
from pipeline.errors import RunFailedError

WATCHING = "dateline: silent runs have crashed"
TELLING = "dateline: tell the webhook of silent runs"
PATIENCE = timedelta(minutes=10)
"""A run is heard every 30 seconds (see :mod:`flows.settings`), that of a worker which sets nothing every 180."""
REASON = (
    f"Nothing was heard of this run for {PATIENCE.seconds // 60} minutes: its process or its machine is gone."
    f" {notices.KEPT}"
)
NOBODY = UUID(int=0)
ENDS = ("Completed", "Failed", "Crashed", "Cancelled", "Paused", "Suspended")


def watch() -> None:
    """Have the configured server watch the runs of our flows; done before, it is done again only to change it."""
    url = os.environ.get(notices.WEBHOOK)
    wanted = [_watching(), *([_telling(_webhook(notices.check(url)))] if url else [])]
    with get_client(sync_client=True) as client:
        for automation in wanted:
            there = client.read_automations_by_name(automation.name)
            if not there:
                client.create_automation(automation)
            elif AutomationCore(**there[0].model_dump(exclude={"id", "enabled"})) != automation:
                client.update_automation(there[0].id, automation)
        if not url:
            for automation in client.read_automations_by_name(TELLING):
                client.delete_automation(automation.id)


def _webhook(url: str) -> UUID:
    saved = Webhook(url=SecretStr(url)).save("dateline", overwrite=True)
    if not isinstance(saved, UUID):
        raise RunFailedError("the server can only be told to watch outside an event loop")
    return saved


def _watching() -> AutomationCore:
    heard = "prefect.flow-run.heartbeat"
    flows = [flow.name for flow in (dateline, recode, fetch, verify)]
    return AutomationCore(
        name=WATCHING,
        description="Made by dateline serve. Without it a run whose machine went off is shown as running for ever.",
        trigger=EventTrigger(
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification({"prefect.resource.role": "flow", "prefect.resource.name": flows}),
            for_each={"prefect.resource.id"},
            after={heard, "prefect.flow-run.Running"},
            expect={heard, *(f"prefect.flow-run.{end}" for end in ENDS)},
            posture=Posture.Proactive,
            threshold=1,
            within=PATIENCE,
        ),
        actions=[ChangeFlowRunState(name=None, state=StateType.CRASHED, message=REASON, force=False)],
    )


def _telling(webhook: UUID) -> AutomationCore:
    """Apart from the watching: a run whose end the server missed is not set to Crashed, and nobody is to be told."""
    return AutomationCore(
        name=TELLING,
        description="Made by dateline serve, which tells the webhook itself of all that it lives to see.",
        trigger=EventTrigger(
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*", "prefect.state-message": REASON}),
            expect={"prefect.flow-run.Crashed"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[CallWebhook(block_document_id=webhook, payload=_message())],
    )


def _message() -> str:
    """What the webhook gets, as :mod:`flows.notices` sends it, for the server to fill in."""
    name, run = "{{ flow_run.name }}", "{{ flow_run.id }}"  # the name is ours, so without quotes
    url = url_for("flow-run", NOBODY)
    return json.dumps(
        {
            "text": f"dateline: run '{name}' crashed: {REASON}",
            "kind": "crashed",
            "flow_run": name,
            "flow_run_id": run,
            "flow_run_url": url and url.replace(str(NOBODY), run),
            "version": None,
            "reason": REASON,
        }
    )


if __name__ == "__main__":
    if not PREFECT_API_URL.value():
        sys.exit("PREFECT_API_URL is not set: which server is to watch the runs?")
    watch()
