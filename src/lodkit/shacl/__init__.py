"""Validation by SHACL (https://www.w3.org/TR/shacl/): shapes compiled to functions over an index of the
data.
"""

from __future__ import annotations

from .ask import Asking
from .data import Data, index
from .engine import validate
from .result import Checked, Outcome, ValidationResult

__all__ = ["Asking", "Checked", "Data", "Outcome", "ValidationResult", "index", "validate"]
