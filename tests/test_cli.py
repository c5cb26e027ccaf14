"""The command line where no run is needed: usage errors, and reading what is there. Runs are in test_flows.py."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import schemas
from pipeline import cli, release


def dateline(monkeypatch, capsys, *arguments):
    """Run the command in this process: its exit code, stdout and stderr."""
    monkeypatch.setattr(sys, "argv", ["dateline", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    return ended.value.code, out, err


@pytest.fixture
def output(tmp_path):
    """Two versions without rows."""
    frames = {name: schemas.empty(name) for name in schemas.TABLES if name != "rejects"}
    valid = SimpleNamespace(tables=frames, rejects=schemas.empty("rejects"))
    for code_version in ("c1", "c2"):
        with release.writing(tmp_path) as writer:
            writer.publish(valid, {"code_version": code_version}, lambda _: {"CODEBOOK.md": "words\n"})
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--workers", "0"], "--workers': allowed is 1 to 256 (given: '0')"),
        (["run", "--workers=many"], "(given: 'many')"),
        (["run", "--max-rejected-share", "7"], "--max-rejected-share': allowed is 0 to 1 (given: '7')"),
        (["run", "--raw", "no/such"], "--raw 'no/such' does not exist (expected a folder of raw articles"),
        (["run", "--wrokers", "3"], "--wrokers"),
        (["rnu"], "'rnu'. Did you mean 'run'?"),
        (["explain"], "event_id"),
        (["serve", "--port", "0"], "allowed is 1 to 65535 (given: '0')"),
        (["recode", "--output", "no/such"], "'no/such' holds no version yet; make one with: dateline run"),
        (["verify", "--output", "no/such"], "'no/such' holds no version yet"),
        (["versions", "--output", "no/such"], "'no/such' holds no version yet"),
        (["run", "--runner", "foo"], "'DATELINE_RUNNER'): 'foo' is not one of 'threads', 'processes', 'dask'."),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(monkeypatch, capsys, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = dateline(monkeypatch, capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("dateline: ")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [], "nothing is made by a mistake"


def test_an_output_that_cannot_be_written_is_bad_usage(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    code, _, err = dateline(monkeypatch, capsys, "run", "--raw", tmp_path, "--output", tmp_path / "file" / "output")
    assert code == 2
    assert "--output" in err
    assert err.count("\n") == 1


def test_versions_lists_all_and_marks_the_latest(monkeypatch, capsys, output):
    code, out, _ = dateline(monkeypatch, capsys, "versions", "--output", output)
    first, second = release.versions(output)
    assert code == 0
    assert f"{first} " in out
    assert f"{second} (latest)" in out
    assert "c2" in out


def test_verify_says_sound_or_names_the_file_and_exits_1(monkeypatch, capsys, output):
    code, out, _ = dateline(monkeypatch, capsys, "verify", "--output", output)
    assert (code, out) == (0, f"version {release.versions(output)[-1]} is sound: 10 tables, 0 rows\n")
    path = release.open_release(output).path / "CODEBOOK.md"
    path.chmod(0o644)
    path.write_text("worse\n")
    code, out, err = dateline(monkeypatch, capsys, "verify", "--output", output)
    assert code == 1
    assert out.startswith("CODEBOOK.md: its bytes changed")
    assert err.endswith("1 fault\n")
    first = release.versions(output)[0]
    assert dateline(monkeypatch, capsys, "verify", first, "--output", output)[0] == 0


def test_verify_finds_what_is_missing_and_what_is_too_much(monkeypatch, capsys, output):
    made = release.open_release(output)
    (made.path / "places.parquet").unlink()
    (made.path / "notes.txt").write_text("mine")
    _, out, _ = dateline(monkeypatch, capsys, "verify", "--output", output)
    assert out.splitlines() == ["places.parquet: is missing", "notes.txt: is not listed in manifest.json"]


def test_diff_of_two_versions(monkeypatch, capsys, output):
    first, second = release.versions(output)
    code, out, _ = dateline(monkeypatch, capsys, "diff", first, second, "--output", output)
    assert code == 0
    assert second in out
    code, _, err = dateline(monkeypatch, capsys, "diff", first, "2001.01.01.1", "--output", output)
    assert (code, "'2001.01.01.1' (versions: " in err) == (2, True)


def test_codebook_is_printed_or_written(monkeypatch, capsys, tmp_path):
    code, out, _ = dateline(monkeypatch, capsys, "codebook")
    assert code == 0
    assert all(name in out for name in [*schemas.TABLES, "CONSULT"])
    code, out, _ = dateline(monkeypatch, capsys, "codebook", "--write", tmp_path / "CODEBOOK.md")
    assert (code, out) == (0, "")
    assert (tmp_path / "CODEBOOK.md").read_text("utf-8").startswith("#")


def test_every_command_of_the_contract_is_there_and_helps():
    commands = ["fetch", "run", "recode", "versions", "diff", "verify", "explain", "codebook", "serve"]
    assert [c.callback.__name__ for c in cli.app.registered_commands] == commands
    assert all(c.callback.__doc__ for c in cli.app.registered_commands)


def test_the_installed_command_is_this_one():
    command = Path(sys.executable).with_name("dateline")
    ended = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert "recode" in ended.stdout
