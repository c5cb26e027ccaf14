"""One raw file being read, plain or packed: its bytes as a stream, whatever it was packed with."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from pipeline.raw.files import Limits, RawFile

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from pipeline.raw.mapping import Mapping

PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
"""First bytes of a packed file → how it is packed."""

ENDINGS = (".gz", ".zst")


class UnpackError(OSError):
    """A packed file is damaged, or unpacks to more than anybody's articles."""

    def __init__(self, what: str) -> None:
        super().__init__(0, what)


@dataclass(slots=True)
class Source:
    """What a format module reads.

    Attributes:
        path: of the file on disk.
        file: as found; names the file in records and rejects.
        limits: what is too big.
        packing: "gzip", "zstd" or None.
        mapping: the user's own names of columns for this file, or None.
    """

    path: Path
    file: RawFile
    limits: Limits
    packing: str | None = None
    mapping: Mapping | None = field(default=None)

    @property
    def ending(self) -> str:
        """The file's ending in lower case, without that of the packing: ".csv" of ``A.CSV.gz``."""
        name = PurePosixPath(self.file.path.lower())
        return PurePosixPath(name.stem).suffix if name.suffix in ENDINGS else name.suffix

    def open(self) -> BinaryIO:
        """The unpacked bytes. Reading from them raises OSError, of which UnpackError is one kind."""
        stream = self.path.open("rb")
        if self.packing is None:
            return stream
        return io.BufferedReader(_Unpacked(stream, self.packing, self.limits), 1 << 17)

    def changed(self) -> bool:
        """Whether the file is no longer the one that was found."""
        status = self.path.stat()
        return (status.st_size, status.st_mtime_ns) != (self.file.size, self.file.modified_ns)


PIECE = 1 << 14  # bytes taken at a time: as many are lost at most where a packed file is damaged


class _Gunzip:
    """The unpacked bytes of a gzip file, all of them up to where it is damaged; one member after another."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._waiting = b""
        self._begun = False

    def read(self, size: int) -> bytes:
        """Some bytes, none at the end. Raises zlib.error or EOFError where the file is damaged or breaks off."""
        while True:
            if self._unpacker.eof:
                self._waiting = self._unpacker.unused_data or self._packed.read(PIECE)
                if not self._waiting.strip(b"\x00"):  # tapes and some servers fill up with zeros
                    return b""
                self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
                self._begun = False
            if not self._waiting:
                self._waiting = self._packed.read(PIECE)
                if not self._waiting and self._begun:
                    raise EOFError("the file ends before its packed data do")
                if not self._waiting:
                    return b""
            self._begun = True
            found = self._unpacker.decompress(self._waiting, size)
            self._waiting = self._unpacker.unconsumed_tail
            if found:
                return found

    def close(self) -> None:
        """Nothing to let go of."""


class _Unpacked(io.RawIOBase):
    """Unpacked bytes, as long as there are not too many of them for the packed bytes they come from."""

    def __init__(self, packed: BinaryIO, packing: str, limits: Limits) -> None:
        self._packed = packed
        self._limits = limits
        self._given = 0
        self._from: _Gunzip | pa.CompressedInputStream = (
            _Gunzip(packed) if packing == "gzip" else pa.CompressedInputStream(pa.PythonFile(packed, "r"), "zstd")
        )

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._from.read(min(len(view), PIECE))
        except (EOFError, zlib.error, OSError) as error:
            raise UnpackError(f"the packed file is damaged or cut off after {self._given:,} unpacked bytes") from error
        self._given += len(data)
        most = max(self._limits.unpacked_bytes, self._limits.unpacked_times * self._packed.tell())
        if self._given > most:
            raise UnpackError(
                f"the packed file unpacks to more than {self._limits.unpacked_times} times its size "
                f"(over {self._given:,} bytes): taken for a decompression bomb"
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._from.close()
            self._packed.close()
        super().close()
