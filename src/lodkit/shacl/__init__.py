"""Validation by SHACL (https://www.w3.org/TR/shacl/): shapes compiled to functions over an index of data."""

from __future__ import annotations

from .alone import alone, refusals
from .ask import Asking
from .background import background
from .coverage import Coverage, Unknown, coverage
from .data import Data, index
from .engine import validate
from .result import Checked, Outcome, ValidationResult

__all__ = [
    "Asking",
    "Checked",
    "Coverage",
    "Data",
    "Outcome",
    "Unknown",
    "ValidationResult",
    "alone",
    "background",
    "coverage",
    "index",
    "refusals",
    "validate",
]
