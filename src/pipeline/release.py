"""The only writer of versions, and the reader of what was published.

A version is a folder that never changes: Parquet files, a manifest and three documents. It is staged in a hidden
folder, synced, checksummed and moved into place by one rename; ``latest`` is switched by one more. Killed at any
moment, a run leaves either the version before or a complete new one, and the next run clears what was left half done.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq

import schemas
from pipeline.errors import RunFailedError, UsageError
from pipeline.layout import write_parquet
from pipeline.spool import Spool
from pipeline.store import write_atomically

if TYPE_CHECKING:
    from pipeline.validation import Validated

MANIFEST = "manifest.json"
STAGING = ".staging"
"""Folder below the output of what is not published yet; nobody keeps anything there."""
VERSION = re.compile(r"\d{4}\.\d{2}\.\d{2}\.\d+")


@dataclass(slots=True, frozen=True)
class Release:
    """One published version, opened for reading.

    Attributes:
        path: the version's folder.
        version: its name, ``YYYY.MM.DD.N``.
        manifest: what ``manifest.json`` holds.
    """

    path: Path
    version: str
    manifest: dict[str, Any] = field(repr=False)

    @property
    def tables(self) -> list[str]:
        """The names of the tables in this version."""
        return list(self.manifest["tables"])

    def table(self, name: str) -> pd.DataFrame:
        """Read one table. A table of the contract that this version has no file for (no rejects) is read as empty.

        Raises:
            UsageError: there is no such table.
            OSError: its file cannot be read.
        """
        if name not in self.manifest["tables"]:
            if name in schemas.TABLES:
                return schemas.frame(name, {})
            raise UsageError(f"no table '{name}' in version {self.version} (tables: {', '.join(self.tables)})")
        data = pq.read_table(self.path / f"{name}.parquet")
        current = self.manifest["schema_version"] == schemas.SCHEMA_VERSION
        return schemas.from_arrow(name, data) if current else data.to_pandas()

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Read one table as plain Python values, missing as None; no rows where the version has no such file."""
        return list(self.each(name))

    def each(self, name: str, at_once: int = 100) -> Iterator[dict[str, Any]]:
        """The same row by row, with no more than so many of them in memory."""
        if name not in self.manifest["tables"]:
            return
        with pq.ParquetFile(self.path / f"{name}.parquet", buffer_size=1 << 16, pre_buffer=False) as file:
            for batch in file.iter_batches(at_once):
                yield from batch.to_pylist()


def order(version: str) -> tuple[int, ...]:
    """A version name as numbers, so that 2026.01.02.10 comes after 2026.01.02.9."""
    return tuple(int(part) for part in version.split("."))


def versions(output: str | Path) -> list[str]:
    """The complete versions below ``output``, oldest first."""
    folder = Path(output) / "versions"
    names = [p.name for p in folder.iterdir() if VERSION.fullmatch(p.name)] if folder.is_dir() else []
    return sorted(names, key=order)


def open_release(output: str | Path = "output", version: str = "latest") -> Release:
    """Open a published version.

    Args:
        output: the output directory.
        version: a version's name, or "latest".

    Raises:
        UsageError: there is no such version.
    """
    known = versions(output)
    if version == "latest":
        latest = Path(output) / "latest"
        if latest.is_symlink() and latest.is_dir():
            version = latest.resolve().name
        elif known:
            version = known[-1]
        else:
            raise UsageError(f"'{output}' holds no version yet; make one with: dateline run --output {output}")
    if version not in known:
        raise UsageError(f"'{output}' holds no version '{version}' (versions: {', '.join(known) or 'none'})")
    path = Path(output) / "versions" / version
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunFailedError(f"{path / MANIFEST} cannot be read ({error}); the version is damaged") from error
    return Release(path, version, manifest)


class Writer:
    """The right to write to one output directory, held by one process at a time.

    Attributes:
        output: the output directory.
        store: where parses and coded shards are kept.
        previous: the newest version, or None.
        version: the name that the next version will have.
        spool: where the texts of the run's articles lie.
    """

    def __init__(self, output: Path, previous: Release | None, version: str):
        self.output = output
        self.store = output / ".store"
        self.spool = Spool(output / STAGING)
        self.previous = previous
        self.version = version

    def publish(
        self,
        valid: Validated,
        manifest: Mapping[str, Any],
        documents: Callable[[Mapping[str, Any]], Mapping[str, str]],
    ) -> Release:
        """Write validated tables as the next version and make it the latest.

        Args:
            valid: what validation let through; nothing else can be published.
            manifest: what the caller knows: code version, model, raw files, stages. Tables and checksums are added.
            documents: makes CODEBOOK.md and the like by file name, given the manifest with its tables.
        """
        stage = self.output / STAGING / self.version
        stage.mkdir(parents=True)
        tables: dict[str, Any] = {}
        for name in schemas.TABLES:
            frame = valid.rejects if name == "rejects" else valid.tables[name]
            if name != "rejects" or len(frame):
                tables[name] = {"rows": len(frame), "files": [self._write(stage, name, frame)]}
        content = {
            "product": "dateline",
            "version": self.version,
            "previous": self.previous.version if self.previous else None,
            "schema_version": schemas.SCHEMA_VERSION,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            **manifest,
            "tables": tables,
        }
        content["documents"] = []
        for name, text in sorted(documents(content).items()):
            content["documents"].append(_seal(stage / name, text.encode()))
        _seal(stage / MANIFEST, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
        _sync(stage)
        target = self.output / "versions" / self.version
        target.parent.mkdir(exist_ok=True)
        stage.rename(target)
        _sync(target.parent)
        _point_latest(self.output, self.version)
        return open_release(self.output, self.version)

    def _write(self, stage: Path, name: str, frame: pd.DataFrame) -> dict[str, Any]:
        path = stage / f"{name}.parquet"
        write_parquet(path, name, frame)
        entry = {"path": path.name, "bytes": path.stat().st_size, "sha256": sha256_file(path)}
        before = self.previous.manifest["tables"].get(name) if self.previous else None
        if self.previous and before and before["files"] == [entry]:
            twin = self.previous.path / path.name
            if twin.is_file() and sha256_file(twin) == entry["sha256"]:  # a damaged twin must not live on
                path.unlink()
                os.link(twin, path)
                return entry
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.chmod(0o444)
        return entry


@contextlib.contextmanager
def writing(output: str | Path) -> Iterator[Writer]:
    """Hold the output directory's lock, clear what a killed run left, and hand out the right to publish.

    What the run itself has staged and not published is cleared when it ends, and its texts with it.

    Raises:
        RunFailedError: another process is writing there.
        UsageError: the directory cannot be written.
    """
    output = Path(output)
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock = (output / ".lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--output '{output}' cannot be written ({error.strerror}); name a writable folder") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise RunFailedError(
                f"another run (process {holder}) is writing to '{output}'; nothing was done, start this one again when"
                " it has ended"
            ) from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        recover(output)
        known = versions(output)
        writer = Writer(output, open_release(output, known[-1]) if known else None, _next_version(known))
        try:
            yield writer
        finally:
            writer.spool.close()
            shutil.rmtree(output / STAGING, ignore_errors=True)


def recover(output: Path) -> None:
    """Clear what a killed run left: staged folders, and a ``latest`` not yet switched to a version that is complete."""
    shutil.rmtree(output / STAGING, ignore_errors=True)
    for leftover in output.glob(".latest.*"):
        leftover.unlink()
    known = versions(output)
    if known and (not (output / "latest").is_symlink() or (output / "latest").readlink().name != known[-1]):
        _point_latest(output, known[-1])


def _next_version(known: list[str]) -> str:
    """Today (UTC; SOURCE_DATE_EPOCH wins) and a running number; never before the newest version, whatever the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    today = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    day = max([(today.year, today.month, today.day), *(order(name)[:3] for name in known)])
    number = max([order(name)[3] for name in known if order(name)[:3] == day], default=0) + 1
    return f"{day[0]:04}.{day[1]:02}.{day[2]:02}.{number}"


def _point_latest(output: Path, version: str) -> None:
    link = output / f".latest.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("versions") / version)
    link.replace(output / "latest")
    _sync(output)


def _seal(path: Path, data: bytes) -> dict[str, Any]:
    write_atomically(path, data, mode=0o444)
    return {"path": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
