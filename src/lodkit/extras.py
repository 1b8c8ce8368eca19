"""Packages that lodkit does without until they are asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .errors import UsageError

EXTRAS = {"networkx": "networkx", "openpyxl": "xlsx", "pandas": "pandas"}
"""The packages, each with the extra of lodkit that installs it."""


def package(name: str) -> Any:
    """Import a package of an extra.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        hint = f"pip install 'lodkit-articles[{EXTRAS[name]}]'"
        raise UsageError(f"this needs {name}, which is not installed", hint=hint) from error
