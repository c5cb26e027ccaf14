"""Event mentions: frames (what a trigger means), participants (who), modality (whether), coding (all of it)."""

from pipeline.events.coding import event_type, find_acts, plover_type
from pipeline.events.frames import check_frames, event_modes

__all__ = ["check_frames", "event_modes", "event_type", "find_acts", "plover_type"]
