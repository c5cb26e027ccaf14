"""What lies below the raw directory, and the limits on what is read from it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.records import MOST_PAGE, MOST_TEXT, Reject

SIDECAR_ENDING = ".meta.json"
MAPPING_NAME = "mapping.yml"
CHUNK = 1 << 20
SHOWN = 200  # characters of a bad value that a reject quotes


@dataclass(slots=True, frozen=True)
class Limits:
    """What is too big to be read.

    Attributes:
        article_bytes: one article of text. page_bytes: one HTML page. line_bytes: one line, or one row of a table.
        sidecar_bytes: one sidecar. feed_bytes: one feed, which is parsed as a whole.
        unpacked_bytes, unpacked_times: what a packed file may always unpack to; beyond that, how many times its size.
    """

    article_bytes: int = MOST_TEXT
    page_bytes: int = MOST_PAGE
    line_bytes: int = 20_000_000
    sidecar_bytes: int = 1_000_000
    feed_bytes: int = 30_000_000
    unpacked_bytes: int = 100_000_000
    unpacked_times: int = 200


LIMITS = Limits()


@dataclass(slots=True, frozen=True)
class RawFile:
    """One raw file as found.

    Attributes:
        path: relative to the raw directory, with forward slashes.
        sha256: of the file's bytes; None when ``problem`` is set.
        size: bytes; None when unknown.
        sidecar_sha256: of what says how to read it: ``NAME.meta.json`` beside it, for a table ``mapping.yml``; or None.
        problem: why the file cannot be read (it becomes a reject), or None.
        modified_ns: when the file was last written, to notice that it changes while it is read; goes nowhere else.
    """

    path: str
    sha256: str | None
    size: int | None
    sidecar_sha256: str | None = None
    problem: str | None = None
    modified_ns: int | None = field(default=None, compare=False, repr=False)

    @property
    def fingerprint(self) -> str:
        """Changes when the file or its sidecar does: tells a run what is new."""
        return ":".join((self.sha256 or f"unread {self.problem}", self.sidecar_sha256 or ""))


def discover(root: Path) -> list[RawFile]:
    """Every raw file below a folder, or the one file given, sorted by path.

    Passed over by name: hidden files and folders, ``README.md``, the raw directory's own ``mapping.yml``, and
    ``NAME.meta.json`` beside a ``NAME.*`` that is there. Everything else is listed; what cannot be read carries its
    ``problem``, and ``read`` rejects it.

    Raises:
        UsageError: there is no such file or folder.
    """
    if not root.exists():
        raise UsageError(f"--raw: '{root}' does not exist (expected a folder of raw articles, or one raw file)")
    if not root.is_dir():
        return [_look(root.parent, root)]
    boundary = root.resolve()
    paths: list[tuple[Path, str | None]] = []

    def unread(error: OSError) -> None:
        why = "may not be read (check its permissions)" if isinstance(error, PermissionError) else "cannot be read"
        paths.append((Path(error.filename), f"this folder {why}"))

    for folder, folders, names in os.walk(root, onerror=unread):
        here = Path(folder)
        folders[:] = sorted(n for n in folders if not n.startswith("."))
        for name in list(folders):
            if (here / name).is_symlink():
                paths.append((here / name, "a link to a folder is not followed; put the files themselves below raw"))
                folders.remove(name)
        stems = {stem(n) for n in names if not n.endswith(SIDECAR_ENDING)}
        for name in names:
            if name.startswith(".") or name == "README.md" or (here == root and name == MAPPING_NAME):
                continue
            if name.endswith(SIDECAR_ENDING) and name.removesuffix(SIDECAR_ENDING) in stems:
                continue
            path = here / name
            real = Path(os.path.realpath(path))  # Path.resolve raises where links lead in a circle
            outside = path.is_symlink() and not real.is_relative_to(boundary)
            paths.append((path, "a link that points out of the raw directory is not followed" if outside else None))
    return sorted((_look(root, p, problem) for p, problem in paths), key=lambda f: f.path)


def _look(root: Path, path: Path, problem: str | None = None) -> RawFile:
    """Size and hashes of one file, or what is wrong with it."""
    relative = path.relative_to(root).as_posix()
    shown = os.fsencode(relative).decode("utf-8", "backslashreplace")
    if problem is None and shown != relative:
        problem = "the file's name is not UTF-8; rename it"
    if problem is not None:
        return RawFile(shown, None, None, problem=problem)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return RawFile(relative, None, None, problem="not a plain file")
        beside = sidecar_of(path) or mapping_of(root, path)
        return RawFile(
            relative,
            _hash(path),
            status.st_size,
            _hash(beside) if beside else None,
            modified_ns=status.st_mtime_ns,
        )
    except OSError as error:
        return RawFile(relative, None, None, problem=f"the file cannot be read ({error.strerror})")


def sidecar_of(path: Path) -> Path | None:
    """``NAME.meta.json`` beside ``NAME.txt`` or ``NAME.txt.gz``, if it is there."""
    beside = path.with_name(stem(path.name) + SIDECAR_ENDING)
    return beside if beside != path and beside.is_file() else None


def mapping_of(root: Path, path: Path) -> Path | None:
    """The raw directory's ``mapping.yml``, if it is there and the file may be a table or JSON lines."""
    beside = root / MAPPING_NAME
    table = re.search(r"\.(csv|tsv|parquet|jsonl|ndjson)(\.gz|\.zst)?$", path.name.lower())
    return beside if table and beside.is_file() else None


def stem(name: str) -> str:
    """A file's name without its ending, that of its packing included."""
    plain = name.rsplit(".", 1)[0] if name.lower().endswith((".gz", ".zst")) else name
    return plain.rsplit(".", 1)[0]


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def rejected(
    file: RawFile, check: str, what: str, line: int | None = None, column: str | None = None, value: object = None
) -> Reject:
    """A reject that names the file, the line and what is wrong there."""
    where = f"{file.path} line {line}" if line is not None else file.path
    return Reject(
        table="articles",
        record_id=None,
        check=check,
        column=column,
        value=None if value is None else quotable(value),
        reason=printable(f"{where}: {what}"),
        raw_path=file.path,
        raw_line=line,
    )


def quotable(value: object) -> str:
    """A bad value, short and fit for any file: at most ``SHOWN`` characters, no NUL, no lone surrogates."""
    text = value if isinstance(value, str) else repr(value)
    if len(text) > SHOWN:
        text = text[:SHOWN] + "…"
    return printable(text)


def printable(text: str) -> str:
    """Text fit for any file: NUL and lone surrogates spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
