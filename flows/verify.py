"""Whether a published version still is what was published."""

from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import artifacts, notices, tasks
from pipeline import release
from pipeline import verify as checks
from pipeline.errors import RunFailedError


@flow(name="verify", flow_run_name=artifacts.run_name, **notices.FAILURES)
@notices.plainly
def verify(output: Path = Path("output"), version: str = "latest") -> None:
    """Check checksums, schemas, keys and text spans of a published version.

    Args:
        output: Directory of the published versions.
        version: A version's name, such as 2026.11.23.1, or "latest".
    """
    made = release.open_release(output, version)
    artifacts.add_to_name(made.version)
    faults = checks.verify(made)
    if not faults:
        tasks.say(checks.sound(made))
        return
    for fault in faults:
        tasks.say(fault)
    with artifacts.unharmed():
        create_table_artifact([{"fault": fault} for fault in faults], key="faults", description=str(made.path))
    more = f" (and {len(faults) - 1:,} more)" if len(faults) > 1 else ""
    raise RunFailedError(
        f"version {made.version} is damaged: {faults[0]}{more}; put '{made.path}' back from a copy,"
        " or make a new version with recode and force"
    )
