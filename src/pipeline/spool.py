"""The texts of a run's articles, on disk from the moment they are read: what is held in memory must not grow with them.

The file has no name, so it is gone with the process, however that ends. It is written once, in the order of reading,
and read in any order, by any thread.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.errors import RunFailedError

_HEAD = struct.Struct("<Q32s?32s")
"""Before each text: its size in bytes, its SHA-256, whether its raw bytes have one, and that."""
_SUM = struct.Struct("<I")
"""Behind the head: its CRC-32."""
_SIZE = _HEAD.size + _SUM.size


class Spool:
    """Texts on disk, each found by the byte at which its head begins.

    Args:
        folder: where the file lies; made with the first text.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._end = self._written = 0
        self._closed = False

    def add(self, text: str, raw_sha256: str | None) -> OnDisk:
        """Write a text and the hash of the raw bytes that it was read from.

        Raises:
            RunFailedError: it cannot be written.
        """
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data).digest()
        head = _HEAD.pack(len(data), digest, raw_sha256 is not None, bytes.fromhex(raw_sha256 or ""))
        begin = self._end
        try:
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=1 << 20)  # noqa: SIM115 - closed below
            self._file.write(b"".join((head, _SUM.pack(zlib.crc32(head)), data)))
        except OSError as error:
            raise RunFailedError(
                f"the texts that were read cannot be put down in '{self._folder}' ({error.strerror}); nothing was"
                " published. A run needs as much room on disk as its articles have text"
            ) from error
        self._end += _SIZE + len(data)
        return OnDisk(self, begin)

    def head(self, begin: int) -> tuple[int, bytes, bytes | None]:
        """Of one text: its size in bytes, its SHA-256 and that of its raw bytes.

        Raises:
            RunFailedError: it cannot be read, or is not what was written.
        """
        read = self._read(begin, _SIZE)
        head, told = read[: _HEAD.size], read[_HEAD.size :]
        if _SUM.pack(zlib.crc32(head)) != told:
            raise self._damaged("its checksum does not match its bytes")
        size, digest, has_raw, raw = _HEAD.unpack(head)
        return size, digest, raw if has_raw else None

    def text(self, begin: int) -> str:
        """One text.

        Raises:
            RunFailedError: it cannot be read, or is not what was written.
        """
        size, digest, _ = self.head(begin)
        data = self._read(begin + _SIZE, size)
        if hashlib.sha256(data).digest() != digest:
            raise self._damaged("its checksum does not match its bytes")
        return data.decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Give the room on disk back; no text can be read any more."""
        self._closed = True
        if self._file is not None:
            self._file.close()

    def _read(self, begin: int, size: int) -> bytes:
        if self._file is None or self._closed:
            raise self._damaged("the run that put it down has ended")
        try:
            if self._written < self._end:
                self._file.flush()
                self._written = self._end
            return os.pread(self._file.fileno(), size, begin)
        except OSError as error:
            raise self._damaged(error.strerror) from error

    def _damaged(self, why: str | None) -> RunFailedError:
        return RunFailedError(
            f"the text of an article cannot be read back from '{self._folder}': {why}; nothing was published, start"
            " the run again"
        )


@dataclass(slots=True, frozen=True)
class OnDisk:
    """A :class:`~pipeline.records.Wording` in a spool."""

    spool: Spool
    begin: int

    @property
    def text(self) -> str:
        """The text, read anew every time. Raises RunFailedError, as :meth:`Spool.text`."""
        return self.spool.text(self.begin)

    @property
    def sha256(self) -> str:
        """SHA-256 of the text."""
        return self.spool.head(self.begin)[1].hex()

    @property
    def raw_sha256(self) -> str | None:
        """SHA-256 of the record's own bytes."""
        raw = self.spool.head(self.begin)[2]
        return None if raw is None else raw.hex()
