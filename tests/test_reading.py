"""Statements that were read by hand: most are right, and most of what was read is still what comes out."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path

import pytest

from lodkit.domain import read_domain

READING = Path(__file__).parent / "reading"
SHARED = Path(__file__).resolve().parents[2] / "shared"


def verdicts() -> list[dict[str, str]]:
    """Return the rows of the table of verdicts."""
    with (READING / "verdicts.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_nine_in_ten_are_right() -> None:
    rows = verdicts()
    assert len(rows) == 100
    assert {row["verdict"] for row in rows} <= {"right", "wrong"}
    assert sum(row["verdict"] == "right" for row in rows) >= 90
    assert all(row["note"] for row in rows if row["verdict"] == "wrong")


@pytest.mark.slow
@pytest.mark.skipif(
    not (SHARED / "INDEX.tsv").is_file(), reason="the shared articles are not beside the checkout"
)
def test_what_was_read_still_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(READING))
    draw = importlib.import_module("draw")
    produced = {_triple(row) for row in draw.rows(read_domain())}
    kept = [row for row in verdicts() if _triple(row) in produced]
    assert len(kept) >= 80, "so much has changed that the reading is out of date: draw and read again"
    assert sum(row["verdict"] == "right" for row in kept) >= 0.9 * len(kept)


def _triple(row: dict[str, str]) -> tuple[str, ...]:
    return row["subject"], row["predicate"], row["object"]
