"""Where shards are coded, and what happens when one cannot be.

Threads, processes and a Dask cluster are the same here: executors of :mod:`concurrent.futures`, each of which codes one
shard at a time, so that a death is blamed on the shard it happened to. A shard that cannot be coded is cut in halves
until the article is found that cannot be; that one is handed to ``refuse``, and all others are coded.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import wait
from types import TracebackType

from pipeline.errors import DatelineError, RunFailedError
from pipeline.records import Article
from pipeline.shards import CodingError, Done, Shard, code

KILLED = "the process that coded it died each time, at last with nothing else at work: killed, or out of memory"


class WorkerLostError(DatelineError):
    """A worker died while it coded a shard: killed, out of memory, its machine gone. Another try may go well."""


class Workers:
    """A number of executors for shards, each started when first needed and replaced when its process dies.

    Args:
        start: makes an executor that does one thing at a time.
        count: how many there may be.
        lost: errors by which an executor says that its process died.
    """

    def __init__(
        self, start: Callable[[], Executor], count: int, lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    ):
        self.count = count
        self._start = start
        self._lost: tuple[type[BaseException], ...] = (*lost, CancelledError)
        self._idle: list[Executor | None] = [None] * count
        self._loners = 0
        self._closed = False
        self._turn = threading.Condition()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the shards at work; those that wait for a worker are told that there is none."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
            self._turn.wait_for(lambda: len(self._idle) == self.count)
        with ThreadPoolExecutor(self.count) as closing:  # a process with a model takes a second to end
            list(closing.map(lambda executor: executor.shutdown(), filter(None, self._idle)))

    def code(self, shard: Shard, alone: bool = False) -> Done:
        """Have one shard coded; blocks until it is done.

        Args:
            shard: what to code.
            alone: wait until nothing else is at work, and let nothing else begin: a death is then its own.

        Raises:
            WorkerLostError: the worker died. The next shard gets a new one.
            CodingError: the code failed on these articles.
            OSError: the store cannot be read or written.
            RunFailedError: the run has ended meanwhile, the worker is none for this run, or a text cannot be read.
        """
        with self._place(alone) as place:
            future = self._submit(place, shard.in_memory())
            try:
                return future.result()
            except self._lost as error:
                place[0] = None
                raise WorkerLostError(f"a worker died while it coded {len(shard.articles)} articles") from error

    def _submit(self, place: list[Executor | None], shard: Shard) -> Future[Done]:
        if place[0]:
            with suppress(*self._lost):  # it may have died since its last shard, which is no fault of this one
                return place[0].submit(code, shard)
        place[0] = executor = self._start()
        return executor.submit(code, shard)

    @contextmanager
    def _place(self, alone: bool) -> Iterator[list[Executor | None]]:
        """One executor, in a list of one, which the caller may empty."""
        with self._turn:
            self._loners += alone
            self._turn.wait_for(lambda: self._closed or self._free(alone))
            if self._closed:
                raise RunFailedError("the run has ended; this shard was not coded")
            place = [self._idle.pop()]
        try:
            yield place
        finally:
            with self._turn:
                self._loners -= alone
                self._idle.extend(place)
                self._turn.notify_all()

    def _free(self, alone: bool) -> bool:
        return len(self._idle) == self.count if alone else bool(self._idle) and not self._loners


def threads() -> Workers:
    """This very process, one shard at a time: spaCy's vocabulary is not made for more. For small runs and tests."""
    return Workers(lambda: ThreadPoolExecutor(1), 1)


def processes(count: int) -> Workers:
    """Processes on this machine, each with its own copy of the language model."""
    spawn = multiprocessing.get_context("spawn")  # fork would copy Prefect's threads and locks
    return Workers(lambda: ProcessPoolExecutor(1, mp_context=spawn, initializer=_follow_parent), count)


def _follow_parent() -> None:
    """Make a worker end with its parent: a pool's processes hold both ends of their queue and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def code_all(
    workers: Workers, shard: Shard, refuse: Callable[[Article, str], None], patient: bool = True
) -> list[Done]:
    """Code a shard, in parts where it cannot be coded whole.

    An error in the code comes back every time, so the shard is cut at once. A death need not be the shard's fault:
    ``patient``, it is left to the caller to try again. An article is refused for deaths only after one by itself and
    one more with nothing else at work.

    Args:
        workers: who codes.
        shard: what to code.
        refuse: told of each article that cannot be coded, with the reason; may raise to end the run.
        patient: raise when a worker dies, instead of looking for the article that kills it.

    Raises:
        WorkerLostError: a worker died, and ``patient``.
        OSError: the store cannot be read or written.
    """
    try:
        return [workers.code(shard)]
    except WorkerLostError:
        if patient:
            raise
        reason = None
    except CodingError as error:
        reason = str(error)
    if len(shard.articles) > 1:
        return [done for half in halves(shard) for done in code_all(workers, half, refuse, patient=False)]
    if reason is None:
        try:
            return [workers.code(shard, alone=True)]
        except WorkerLostError:
            reason = KILLED
        except CodingError as error:
            reason = str(error)
    refuse(shard.articles[0], reason)
    return []


def halves(shard: Shard) -> tuple[Shard, Shard]:
    """The shard in two, by number of articles."""
    middle = len(shard.articles) // 2
    cuts = (slice(None, middle), slice(middle, None))
    parts = [replace(shard, articles=shard.articles[c], parses=shard.parses and shard.parses[c]) for c in cuts]
    return parts[0], parts[1]
