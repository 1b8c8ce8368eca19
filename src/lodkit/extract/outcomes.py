"""What becomes of each row of an infobox, and why."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..domain import IgnoreRule
from ..domain.lexicon import CORE
from ..statement import Modality, Span, Statement
from .context import Skipped

_NAMING = frozenset({CORE + "mention", CORE + "gazetteer"})


class Outcome(StrEnum):
    """What a row comes to: exactly one of these."""

    FACTS = "facts"
    USED = "used"
    IGNORED = "ignored"
    NO_VALUE = "no value"
    REFUSED = "refused"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row with its key, what it comes to, and why where that is no fact; ``outcome`` is None while rules
    read it.
    """

    span: Span
    key: Span
    outcome: Outcome | None = None
    reason: str = ""


def ignored_by(rules: Sequence[IgnoreRule], key: str) -> str:
    """Return why rows with a key, in lower case and without its number, are ignored; empty where they are
    not.
    """
    for rule in rules:
        if key in rule.keys or any(re.search(pattern, key) for pattern in rule.patterns):
            return rule.reason
    return ""


def settled(
    results: Sequence[RowResult],
    statements: Sequence[Statement],
    skipped: Sequence[Skipped],
    nothing: frozenset[str],
    text: str,
) -> Iterator[RowResult]:
    """Yield the rows with what they came to once all statements are made.

    ``nothing`` are words that stand for no value, in lower case.
    """
    asserted = {
        one.key_span
        for one in statements
        if one.modality is Modality.ASSERTED and one.rule.value not in _NAMING
    }
    problems = sorted(skipped, key=lambda one: one.span)
    for row in sorted(results, key=lambda row: row.span):
        if row.outcome is not None:
            yield row
        elif row.key in asserted:
            yield RowResult(row.span, row.key, Outcome.FACTS)
        else:
            first = bisect_left(problems, row.span.start, key=lambda one: one.span.start)
            problem = problems[first] if first < len(problems) else None
            yield _without_facts(row, problem, nothing, text)


def _without_facts(row: RowResult, problem: Skipped | None, nothing: frozenset[str], text: str) -> RowResult:
    """A row that rules read and that came to no fact: it names nothing, or all of it was refused."""
    value = text[row.key.end : row.span.end].lstrip(" :\t").strip()
    if value.strip(" .").lower() in nothing:
        return RowResult(row.span, row.key, Outcome.NO_VALUE, f"{value!r} names nothing")
    reason = problem.reason if problem and problem.span.end <= row.span.end else "the text hedges it"
    return RowResult(row.span, row.key, Outcome.REFUSED, reason)
