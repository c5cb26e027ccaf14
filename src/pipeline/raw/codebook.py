"""Somebody's own codebook, read from the folder that they name."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import UsageError


def read_codebook(folder: Path) -> dict[str, str]:
    """The files of a codebook folder: its CSV and YAML files, and those of its ``frames`` folder, name → text.

    Raises:
        UsageError: the folder does not exist, holds no such file, or one that is not UTF-8.
    """
    if not folder.is_dir():
        raise UsageError(
            f"--codebook '{folder}' is no folder (expected one with frames/<TYPE>.csv, event_types.csv, …)"
        )
    paths = sorted(p for pattern in ("*.csv", "*.yml", "frames/*.csv") for p in folder.glob(pattern))
    if not paths:
        raise UsageError(
            f"--codebook '{folder}' holds no codebook file (expected frames/<TYPE>.csv, event_types.csv, …)"
        )
    try:
        return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in paths}
    except UnicodeDecodeError as error:
        raise UsageError(
            f"--codebook '{folder}': a file is not UTF-8 ({error.reason} at byte {error.start})"
        ) from error
