"""Tables of cases of which `make check` runs some and `make test` more; `make test-all` runs them all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

WHOLE = os.environ.get("LODKIT_TESTS") == "all"
"""Whether every combination is run, as `make test-all` has it."""


def thinned(cases: Iterable[Any], every: int) -> list[Any]:
    """Return the first case and every n-th after it; all where everything is run."""
    return list(cases)[:: 1 if WHOLE else every]


def crossed(rows: Sequence[Any], columns: Sequence[Any], every: int) -> list[tuple[Any, Any]]:
    """Return every n-th pair of a row and a column, in which each row and each column occurs; all where
    everything is run.
    """
    found = thinned([(row, column) for row in rows for column in columns], every)
    assert {row for row, _ in found} == set(rows)
    assert {column for _, column in found} == set(columns)
    return found


def rotated(rows: Iterable[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return each row with one column, the columns taking turns so that each occurs with some row; all pairs
    where everything is run.
    """
    rows = list(rows)
    assert len(rows) >= len(columns)
    if WHOLE:
        return [(row, column) for row in rows for column in columns]
    return [(row, columns[at % len(columns)]) for at, row in enumerate(rows)]


def mostly_slow(cases: Iterable[Any], every: int = 7) -> list[Any]:
    """Return cases as parameters, all but the first and every n-th after it marked as slow; a case of several
    parameters is a tuple.
    """
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[pytest.mark.slow] if position % every else [],
        )
        for position, case in enumerate(cases)
    ]
