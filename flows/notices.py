"""Who is told when a run fails or its version looks odd: the run's state, in one line, and a webhook if one is set."""

import functools
import os
from collections.abc import Callable
from logging import Logger, LoggerAdapter
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

import httpx
from prefect import get_run_logger
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.logging.loggers import flow_run_logger
from prefect.states import Failed
from prefect.utilities.urls import url_for
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from pipeline import release
from pipeline.errors import DatelineError, RunFailedError, UsageError

P = ParamSpec("P")
R = TypeVar("R")
Log = Logger | LoggerAdapter[Any]

WEBHOOK = "DATELINE_WEBHOOK_URL"
"""The environment variable with the address to tell. Not a parameter of the flows: the address is often a secret."""
ATTEMPTS = 4
FIRST_WAIT = 0.5
"""Seconds before the second attempt; each further one waits twice as long."""
TIMEOUT = 10.0
KEPT = "What was published before is untouched and what was coded is kept: start the run again."


class _LaterError(Exception):
    """The receiver cannot take it now."""


def plainly(work: Callable[P, R]) -> Callable[P, R]:
    """Make an expected error the run's state, with its message and nothing else: one line that says what to do.

    Called from Python the flow still raises it. Other errors keep Prefect's way: their kind, a traceback in the log.
    """

    @functools.wraps(work)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except DatelineError as error:
            failure: Exception = error
        except OSError as error:
            where = f"'{error.filename}': " if error.filename else ""
            told = f"{where}{error.strerror or error}; what was published before is untouched, start the run again"
            failure = RunFailedError(f"{told} once this is mended")
            failure.__cause__ = error
        get_run_logger().error("%s", failure)
        return cast(R, Failed(message=str(failure), data=failure))

    return wrapped


def check(url: str) -> str:
    """The address, if it is one.

    Raises:
        UsageError: it is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"the webhook '{url}' is no address (expected http://… or https://…)")
    return url


def failed(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook for runs that failed or crashed: tell the webhook."""
    reason = " ".join((state.message or "see the run's log").split())
    if state.is_crashed():
        reason += f" {KEPT}"
    _tell(flow, flow_run, "crashed" if state.is_crashed() else "failed", reason, None)


def published(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """A hook for runs that completed: tell the webhook if the version that came of it has warnings."""
    version = state.result(raise_on_failure=False)
    if isinstance(version, str):
        output = flow_run.parameters.get("output", "output")
        warnings = release.open_release(output, version).manifest["warnings"]
        if warnings:
            _tell(flow, flow_run, "warned", " ".join(warnings), version)


FAILURES: dict[str, Any] = {"on_failure": [failed], "on_crashed": [failed]}
"""What every flow is given."""
HOOKS: dict[str, Any] = {**FAILURES, "on_completion": [published]}
"""What a flow that publishes is given."""


def _tell(flow: Flow[..., Any], flow_run: FlowRun, kind: str, reason: str, version: str | None) -> None:
    log = flow_run_logger(flow_run, flow)
    url = os.environ.get(WEBHOOK)
    if not url:
        return
    which = f"version {version} of " if version else ""
    message = {
        "text": f"dateline: {which}run '{flow_run.name}' {kind}: {reason}",
        "kind": kind,
        "flow_run": flow_run.name,
        "flow_run_id": str(flow_run.id),
        "flow_run_url": url_for(flow_run),
        "version": version,
        "reason": reason,
    }
    try:
        post(check(url), message)
    except (httpx.HTTPError, httpx.InvalidURL, _LaterError, UsageError) as error:
        log.warning("The webhook at '%s' was not told that the run %s: %s", urlsplit(url).hostname, kind, error)
    else:
        log.info("The webhook at '%s' was told that the run %s.", urlsplit(url).hostname, kind)


def post(url: str, message: dict[str, Any]) -> None:
    """Send JSON to a webhook; again, with longer and longer waits, while the receiver is away or overloaded.

    Raises:
        HTTPError: it was not there, or it refused what was sent.
        _LaterError: it was overloaded to the end.
    """
    tries = Retrying(
        retry=retry_if_exception_type((httpx.TransportError, _LaterError)),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(FIRST_WAIT),
        reraise=True,
    )
    for attempt in tries:
        with attempt:
            answer = httpx.post(url, json=message, timeout=TIMEOUT)
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
                raise _LaterError(f"it answered {answer.status_code} {answer.reason_phrase}, {ATTEMPTS} times")
            answer.raise_for_status()
