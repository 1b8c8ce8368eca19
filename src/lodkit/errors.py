"""The exception tree. Every error is one line: where, what, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 1_000  # characters of a message, a term or a hint


class LodkitError(Exception):
    """Base of all errors that lodkit raises on purpose; ``str()`` is the one line shown to the user.

    ``file`` is the name as the user gave it, ``line`` and ``column`` count from 1, ``term`` is an IRI or
    CURIE, ``hint`` says what to do. ``exit_code`` is what the command line returns for it. ``others`` are
    errors that were found together with it.
    """

    exit_code = 1
    others: Sequence[LodkitError] = ()

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        term: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.term = term
        self.hint = hint

    def __str__(self) -> str:
        position = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        where = ":".join(position) + ": " if position else ""
        term = f"{_shortened(self.term)}: " if self.term else ""
        hint = f" ({_shortened(self.hint)})" if self.hint else ""
        return f"{where}{term}{_shortened(self.message)}{hint}".replace("\n", " ")


def _shortened(text: str) -> str:
    """A text of which what is too long for a line is left out in the middle."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 4 :]}"


class UsageError(LodkitError):
    """The command was called with words that do not fit."""

    exit_code = 2


class InputError(LodkitError):
    """An article, graph or other input file cannot be read."""

    exit_code = 3


class DomainError(LodkitError):
    """A domain folder (ontology, shapes, lexicon) is broken."""

    exit_code = 3


class QueryError(LodkitError):
    """A query or its parameters are wrong."""

    exit_code = 2


class StoreError(LodkitError):
    """A store or endpoint failed or is busy."""

    exit_code = 4


class LimitError(LodkitError):
    """A bound on time, memory or size was reached by what others made: a query, a shape, a graph."""

    exit_code = 6
