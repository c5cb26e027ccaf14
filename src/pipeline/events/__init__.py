"""Event mentions: frames (what a trigger means), participants (who), modality (whether), coding (all of it)."""

from pipeline.events.coding import event_type, find_acts, plover_type

__all__ = ["event_type", "find_acts", "plover_type"]
