"""Prefect's settings for this project: quiet, private, and patient with a fresh home. What the user has set wins.

And what a deployment is told by its environment.
"""

import os
from typing import Any

RUNNER: Any = os.environ.get("DATELINE_RUNNER", "processes")
"""What runs the shards where no option or parameter says: see :mod:`flows.runners`, which checks it."""
SCHEDULER = os.environ.get("DATELINE_SCHEDULER") or None
"""Address of the Dask scheduler, likewise."""

SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # the V2 page asks an outside host whatever is set; V1 asks none
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # a fresh home creates its database: up to 25 s
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}

for _name, _value in SETTINGS.items():
    os.environ.setdefault(_name, _value)
