"""What need not be computed twice: parsed and coded shards, in files named by their content.

A pack holds what was computed for a few articles at once, under the keys of those articles. It is never changed, only
written whole or removed, so a killed run leaves nothing to mend. Every pack carries its checksum; a damaged one is
removed, loudly, and what it held is computed again.

    output/.store/annotations/<model version>/<ab>/<pack>     the parses (spaCy DocBin)
    output/.store/coded/<code version>/<ab>/<pack>            the article-level tables (Arrow)
    output/.store/sketches/<version>/<ab>/<pack>              the sketches that copies are found by

Packs of an older shard composition stay useful: ``Shelf.cover`` finds, for any set of articles, the packs that hold
exactly some of them, and ``Shelf.find`` finds the pack of one.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.errors import DatelineError

MAGIC = b"dateline-pack 1\n"
ARROW_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


class DamagedPackError(DatelineError):
    """A stored pack does not hold the bytes that were written. Names the file; what it held is computed again."""


@dataclass(slots=True, frozen=True)
class Pack:
    """One stored file: where it lies and the keys of what it holds, in the order it holds them."""

    path: Path
    keys: tuple[str, ...]


def write_atomically(path: Path, *data: bytes | memoryview, mode: int = 0o644) -> None:
    """Write a file, piece by piece, so that a reader finds all of it or none: temporary file, fsync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("wb") as out:
        out.writelines(data)
        out.flush()
        os.fsync(out.fileno())
    partial.chmod(mode)
    partial.replace(path)


class Shelf:
    """The packs of one kind and one version.

    Args:
        folder: ``output/.store/<kind>/<version>``; made on the first write.

    Attributes:
        damaged: what was found damaged and removed, one sentence each. The caller says it to the person at the desk.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.damaged: list[str] = []
        self._packs: dict[str, Pack] | None = None

    def put(self, keys: Sequence[str], *payload: bytes | memoryview) -> Path:
        """Store what was computed for the articles with these keys, in one piece or several, and return the file."""
        name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]
        size = sum(map(len, payload))
        head = json.dumps({"keys": list(keys), "size": size}, separators=(",", ":")).encode() + b"\n"
        digest = hashlib.sha256(head)
        for piece in payload:
            digest.update(piece)
        path = self.folder / name[:2] / name
        write_atomically(path, MAGIC, digest.hexdigest().encode(), b"\n", head, *payload)
        return path

    def get(self, path: Path) -> bytes:
        """Read one pack's payload.

        Raises:
            DamagedPackError: the file is cut short or its bytes changed.
        """
        return bytes(self.view(path))

    def view(self, path: Path) -> memoryview:
        """The same where it lies on disk: what is looked at takes memory only as long as nothing else needs it.

        Raises:
            DamagedPackError: the file is cut short or its bytes changed.
        """
        try:
            with path.open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # an empty file cannot be mapped
            raise DamagedPackError(f"{path}: cannot be read ({error})") from error
        whole, head = memoryview(data), len(MAGIC) + 65
        digest = hashlib.sha256(whole[head:]).hexdigest().encode()
        if data[:head] != MAGIC + digest + b"\n":
            raise DamagedPackError(f"{path}: its checksum does not match its bytes")
        data.madvise(mmap.MADV_DONTNEED)
        return whole[data.find(b"\n", head) + 1 :]

    def packs(self) -> dict[str, Pack]:
        """Every pack by file name, read from the files' heads once, in name order."""
        if self._packs is None:
            found = {}
            for path in sorted(self.folder.glob("??/*")) if self.folder.is_dir() else ():
                if not path.name.startswith("."):
                    keys = _keys(path)
                    if keys is None:
                        self.set_aside(path, f"{path}: its head is damaged")
                    else:
                        found[path.name] = Pack(path, keys)
            self._packs = found
        return self._packs

    def cover(self, wanted: Iterable[str]) -> tuple[list[Pack], list[str]]:
        """Split the wanted keys into whole packs that hold nothing else, and the keys left over in the given order.

        No key is covered twice; the fullest packs are taken first.
        """
        left = dict.fromkeys(wanted)
        taken = []
        for pack in sorted(self.packs().values(), key=lambda p: (-len(p.keys), p.path.name)):
            if pack.keys and all(key in left for key in pack.keys):
                taken.append(pack)
                for key in pack.keys:
                    del left[key]
        return taken, list(left)

    def set_aside(self, path: Path, reason: str) -> None:
        """Remove a damaged pack, so that it is met once only, and keep the reason for whoever must be told."""
        path.unlink(missing_ok=True)
        self.damaged.append(f"{reason}; removed, and computed again")
        if self._packs:
            self._packs.pop(path.name, None)

    def find(self) -> dict[str, tuple[Path, int]]:
        """Where each stored key lies: its pack and its position in the pack."""
        return {key: (p.path, i) for p in self.packs().values() for i, key in enumerate(p.keys)}


def _keys(path: Path) -> tuple[str, ...] | None:
    with path.open("rb") as file:
        if file.readline() != MAGIC:
            return None
        file.readline()
        try:
            return tuple(json.loads(file.readline())["keys"])
        except (ValueError, KeyError, TypeError):
            return None


def parse_key(text_sha256: str, body_start: int) -> str:
    """The key of one article's parse; the model version is the shelf's."""
    return f"{text_sha256}:{body_start}"


def parses(root: Path, model_version: str) -> Shelf:
    """The parses by one model, below ``output/.store``."""
    return Shelf(root / "annotations" / model_version)


def coded(root: Path, code_version: str) -> Shelf:
    """The coded shards of one code version, below ``output/.store``."""
    return Shelf(root / "coded" / code_version)


def sketches(root: Path, version: str) -> Shelf:
    """The sketches that copies are found by, below ``output/.store``; they depend on texts, not on the code."""
    return Shelf(root / "sketches" / version)


def prune(root: Path, code_version: str) -> list[str]:
    """Remove the coded shards of every other code version and the remains of killed writes; return what was removed.

    Parses stay: they are costly, and a model may come back.
    """
    removed = []
    coded_root = root / "coded"
    for folder in sorted(coded_root.iterdir()) if coded_root.is_dir() else ():
        if folder.name != code_version:
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder.name)
    for partial in root.rglob(".*.partial"):
        partial.unlink(missing_ok=True)
    return removed


def pack_tables(tables: Mapping[str, pa.Table]) -> bytes:
    """Tables as one byte string: a line of JSON with names and sizes, then each as an Arrow IPC stream."""
    parts = []
    for name in sorted(tables):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, tables[name].schema, options=ARROW_OPTIONS) as writer:
            writer.write_table(tables[name])
        parts.append((name, sink.getvalue().to_pybytes()))
    head = json.dumps([[name, len(data)] for name, data in parts], separators=(",", ":")).encode()
    return b"".join((head, b"\n", *(data for _, data in parts)))


def unpack_tables(payload: bytes) -> dict[str, pa.Table]:
    """The reverse of ``pack_tables``."""
    head, _, rest = payload.partition(b"\n")
    tables, at = {}, 0
    for name, size in json.loads(head):
        tables[name] = pa.ipc.open_stream(pa.py_buffer(memoryview(rest)[at : at + size])).read_all()
        at += size
    return tables
