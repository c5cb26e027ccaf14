"""Prefect and nothing else: the order of the work.

Importing this package sets Prefect's settings (see :mod:`flows.settings`), so import it before Prefect.
"""

import flows.settings as settings

__all__ = ["settings"]
