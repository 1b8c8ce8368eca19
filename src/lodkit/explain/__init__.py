"""Why lodkit says what it says, and why it does not say more."""

from __future__ import annotations

from .absent import Cause, find_property, why_absent
from .near import Miss
from .sentence import Explained, SentenceView, Spoken, read_file_watched, read_watched

__all__ = [
    "Cause",
    "Explained",
    "Miss",
    "SentenceView",
    "Spoken",
    "find_property",
    "read_file_watched",
    "read_watched",
    "why_absent",
]
