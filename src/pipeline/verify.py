"""Whether a published version still is what was published: checksums, schemas, keys and text spans."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

import schemas
from pipeline.errors import DatelineError
from pipeline.release import MANIFEST, Release, sha256_file
from pipeline.validation import validate


def verify(release: Release) -> list[str]:
    """Check a version, and return one sentence for each fault; no sentence means sound.

    The bytes are checked first: when a file's checksum does not match, nothing is read from it. Rows are held against
    the schemas only where the version was written under today's schema version.
    """
    faults, whole = _files(release)
    if not whole:
        return faults
    written = release.manifest["schema_version"]
    if written != schemas.SCHEMA_VERSION:
        return faults  # today's schemas say nothing about it
    for name in release.tables:
        path = release.path / f"{name}.parquet"
        found, expected = pq.read_schema(path), schemas.arrow_schema(name)
        if not found.remove_metadata().equals(expected.remove_metadata()):
            faults.append(f"{path.name}: its columns are not those of the schema of '{name}', version {written}")
    if faults:
        return faults
    tables = {name: release.table(name) for name in schemas.TABLES}
    known = len(tables["rejects"])
    try:
        valid = validate(tables, max_rejected_share=1.0)
    except DatelineError as error:
        return [*faults, str(error)]
    for row in valid.rejects.iloc[known:].to_dict("records"):
        faults.append(
            f"{row['table']} {row['record_id']}: {row['reason']} ({row['check']}, {row['column']}={row['value']})"
        )
    return faults


def sound(release: Release) -> str:
    """What is said of a version without faults. Rejects are counted by themselves, as a run counts them."""
    rows = {name: entry["rows"] for name, entry in release.manifest["tables"].items()}
    rejects = rows.pop("rejects", 0)
    told = f" and {rejects:,} reject{'s' if rejects > 1 else ''}" if rejects else ""
    return f"version {release.version} is sound: {len(rows)} tables, {sum(rows.values()):,} rows{told}"


def _files(release: Release) -> tuple[list[str], bool]:
    faults = []
    listed = {MANIFEST}
    entries = [f for table in release.manifest["tables"].values() for f in table["files"]]
    for entry in [*entries, *release.manifest["documents"]]:
        listed.add(entry["path"])
        path = release.path / entry["path"]
        if not path.is_file():
            faults.append(f"{entry['path']}: is missing")
        elif sha256_file(path) != entry["sha256"]:
            faults.append(f"{entry['path']}: its bytes changed since it was published (checksum differs)")
        elif path.suffix == ".parquet" and pq.read_metadata(path).num_rows != _rows(release, entry["path"]):
            faults.append(f"{entry['path']}: its number of rows is not the manifest's")
    whole = not faults
    for path in sorted(p.relative_to(release.path).as_posix() for p in Path(release.path).rglob("*") if p.is_file()):
        if path not in listed:
            faults.append(f"{path}: is not listed in {MANIFEST}")
    return faults, whole


def _rows(release: Release, path: str) -> int:
    tables = release.manifest["tables"].values()
    return next(int(table["rows"]) for table in tables if any(f["path"] == path for f in table["files"]))
