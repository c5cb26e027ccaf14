import json
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq
import pytest

import pipeline
import schemas
from pipeline import release
from pipeline.errors import RunFailedError, UsageError
from pipeline.release import sha256_file


def tables(sentences=2):
    """Tables with rows in ``sentences`` only; as validation would hand them over."""
    frames = {name: schemas.empty(name) for name in schemas.TABLES if name != "rejects"}
    rows = range(sentences)
    frames["sentences"] = schemas.frame(
        "sentences",
        {
            "sentence_id": [f"sen-{i}" for i in reversed(rows)],
            "article_id": ["art-1"] * sentences,
            "sentence_index": list(reversed(rows)),
            "char_start": [10 * i for i in reversed(rows)],
            "char_end": [10 * i + 5 for i in reversed(rows)],
        },
    )
    return SimpleNamespace(tables=frames, rejects=schemas.empty("rejects"))


def publish(output, sentences=2):
    with release.writing(output) as writer:
        return writer.publish(tables(sentences), {"code_version": "c1"}, lambda _: {"CHANGES.md": "none\n"})


def test_a_version_is_read_back_with_its_types(tmp_path):
    made = publish(tmp_path)
    opened = pipeline.open_release(str(tmp_path))
    assert opened.version == made.version
    assert opened.path == tmp_path / "versions" / made.version
    frame = opened.table("sentences")
    assert frame["sentence_index"].tolist() == [0, 1], "rows lie in the order of the text"
    assert frame.dtypes.equals(schemas.empty("sentences").dtypes)
    assert pd.read_parquet(tmp_path / "latest" / "events.parquet").dtypes.equals(opened.table("events").dtypes)


def test_every_table_but_rejects_has_a_file_and_no_rejects_are_read_as_none(tmp_path):
    made = publish(tmp_path)
    assert made.tables == [name for name in schemas.TABLES if name != "rejects"]
    assert len(made.table("rejects")) == 0
    with pytest.raises(UsageError, match=r"no table 'evnets'.*tables: articles"):
        made.table("evnets")


def test_the_manifest_names_each_file_with_its_bytes(tmp_path):
    made = publish(tmp_path)
    manifest = json.loads((made.path / "manifest.json").read_text())
    listed = [f["path"] for t in manifest["tables"].values() for f in t["files"]]
    listed += [f["path"] for f in manifest["documents"]]
    assert sorted([*listed, "manifest.json"]) == sorted(p.name for p in made.path.iterdir())
    assert manifest["tables"]["sentences"]["rows"] == 2
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o444 for p in made.path.iterdir())


def test_the_same_rows_give_the_same_bytes_and_share_them(tmp_path):
    first, second, third = publish(tmp_path / "a"), publish(tmp_path / "a"), publish(tmp_path / "b")
    assert [f.version[-2:] for f in (first, second, third)] == [".1", ".2", ".1"]
    assert first.manifest["tables"] == second.manifest["tables"] == third.manifest["tables"]
    assert (first.path / "sentences.parquet").samefile(second.path / "sentences.parquet")
    fourth = publish(tmp_path / "a", sentences=3)
    assert not (second.path / "sentences.parquet").samefile(fourth.path / "sentences.parquet")
    assert (second.path / "events.parquet").samefile(fourth.path / "events.parquet")


def test_a_damaged_file_is_not_handed_on_to_the_next_version(tmp_path):
    first = publish(tmp_path)
    path = first.path / "sentences.parquet"
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    second = publish(tmp_path)
    assert (
        sha256_file(second.path / "sentences.parquet") == second.manifest["tables"]["sentences"]["files"][0]["sha256"]
    )


def test_parquet_settings(tmp_path):
    data = pq.ParquetFile(publish(tmp_path, sentences=2).path / "sentences.parquet")
    column = data.metadata.row_group(0).column(2)
    assert (column.path_in_schema, column.compression) == ("sentence_index", "ZSTD")
    assert "DELTA_BINARY_PACKED" in column.encodings
    assert data.schema_arrow.field("char_start").metadata[b"description"]


def test_version_names_never_go_back(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01
    assert publish(tmp_path).version == "2026.01.01.1"
    for _ in range(10):
        publish(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")  # 2025-01-01: a clock that went back
    assert publish(tmp_path).version == "2026.01.01.12"
    assert release.versions(tmp_path)[-1] == "2026.01.01.12", "numbers, not text"
    assert release.open_release(tmp_path).version == "2026.01.01.12"
    assert release.open_release(tmp_path, "2026.01.01.2").version == "2026.01.01.2"
    assert str((tmp_path / "latest").readlink()) == "versions/2026.01.01.12"


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="holds no version yet"):
        release.open_release(tmp_path)
    publish(tmp_path)
    with pytest.raises(UsageError, match=r"no version '1999\.01\.01\.1' \(versions: 20"):
        release.open_release(tmp_path, "1999.01.01.1")


def test_a_second_writer_is_told_at_once_and_the_lock_dies_with_its_holder(tmp_path):
    hold = (
        f"from pipeline import release\nwith release.writing({str(tmp_path)!r}):\n print('held', flush=True); input()"
    )
    holder = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(RunFailedError, match=f"process {holder.pid}"), release.writing(tmp_path):
        pass
    holder.kill()
    holder.communicate()
    with release.writing(tmp_path):
        pass


KILLED_AT = ["from_pandas", "fsync", "chmod", "rename", "_point_latest", "symlink_to"]


@pytest.mark.parametrize("moment", KILLED_AT)
def test_killed_at_any_moment_the_last_version_stays_and_the_next_run_is_clean(tmp_path, moment):
    first = publish(tmp_path)
    before = {p.name: sha256_file(p) for p in first.path.iterdir()}
    code = f"""
        import os, signal, pathlib, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import pyarrow as pa
        import schemas, test_release
        from pipeline import release
        def die(*args, **kwargs):
            os.kill(os.getpid(), signal.SIGKILL)
        spots = {{"from_pandas": (schemas, "to_arrow"), "fsync": (os, "fsync"), "chmod": (pathlib.Path, "chmod"),
                  "rename": (pathlib.Path, "rename"), "_point_latest": (release, "_point_latest"),
                  "symlink_to": (pathlib.Path, "symlink_to")}}
        room, name = spots[{moment!r}]
        with release.writing({str(tmp_path)!r}) as writer:
            setattr(room, name, die)
            writer.publish(test_release.tables(4), {{"code_version": "c1"}}, lambda _: {{}})
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert {p.name: sha256_file(p) for p in first.path.iterdir()} == before
    assert len(release.open_release(tmp_path).table("sentences")) in (2, 4)
    second = publish(tmp_path, sentences=4)
    assert len(second.table("sentences")) == 4
    assert release.open_release(tmp_path).version == second.version
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "latest", "versions"]
    assert len(release.versions(tmp_path)) == (3 if moment in ("_point_latest", "symlink_to") else 2)
