"""What a SPARQL text may not hold: words that reach out of the data at hand, and more than the engine can
take.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from ..errors import LimitError, QueryError
from .tokens import error_at, line_and_column, significant, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tokens import Token

_REACHES_OUT = {
    "SERVICE": "would ask another computer",
    "LOAD": "would fetch a document",
    "FROM": "would fetch or choose graphs",
}
_CHANGES = frozenset({"INSERT", "DELETE", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH", "USING"})
_OPENING, _CLOSING = frozenset({"{", "(", "[", "<<", "<<("}), frozenset({"}", ")", "]", ">>", ")>>"})
_REACHING = re.compile("|".join(_REACHES_OUT), re.IGNORECASE)
_SUSPECT = re.compile(r"SERVICE|LOAD|\\[uU]00", re.IGNORECASE)

DEEPEST = 256
"""How deep brackets may stand in each other; the engine ends at some 1,000 by a signal."""


def refuse_unsafe(text: str, *, file: str | None = None) -> None:
    """Refuse a query that would reach out of the data that it is asked on, change them, or break the
    engine.

    Words are keywords only where SPARQL reads them as such: in names, variables, strings, IRIs and comments
    they are free.

    Raises:
        QueryError: it has such a word, or is no sequence of SPARQL's tokens; with line and column.
        LimitError: its brackets stand too deep in each other.
    """
    try:
        _refuse(text)
    except (LimitError, QueryError) as error:
        raise type(error)(
            error.message, file=file, line=error.line, column=error.column, term=error.term, hint=error.hint
        ) from None


def refuse_fetching(update: str) -> None:
    """Refuse an update that would fetch something; what lodkit writes itself is looked at only on
    suspicion.

    Raises:
        QueryError: it has a word that reaches out, or is no sequence of SPARQL's tokens.
    """
    if not _SUSPECT.search(update):
        return
    for reading in _readings(update):
        tokens = significant(reading)
        for token, follower in zip_longest(tokens, tokens[1:]):
            if _reaches_out(token, follower):
                raise _refused(token, reading)


@lru_cache(maxsize=512)
def _refuse(text: str) -> None:
    for reading in _readings(text):
        tokens = significant(reading)
        depth = 0
        for token, follower in zip_longest(tokens, tokens[1:]):
            if _reaches_out(token, follower) or (token.kind == "word" and token.text.upper() in _CHANGES):
                raise _refused(token, reading)
            if token.kind == "mark":
                depth += (token.text in _OPENING) - (token.text in _CLOSING)
                if depth > DEEPEST:
                    line, column = line_and_column(reading, token.start)
                    message = f"brackets stand more than {DEEPEST} deep in each other"
                    raise LimitError(message, line=line, column=column, hint="nest less")


def _reaches_out(token: Token, follower: Token | None) -> bool:
    """Tell whether the engine may read a token as a keyword that reaches out.

    It needs no boundary between words: ``trueSERVICE<x:y>`` ends a triple and begins a SERVICE. In
    ``service:x { … }``, which could be a name before a group, it falls back to SERVICE with the name
    ``:x``.
    """
    if token.kind == "word":
        return _REACHING.search(token.text) is not None
    if token.kind != "name" or follower is None or follower.text != "{":
        return False
    return "service" in token.text.partition(":")[0].lower()


def _readings(text: str) -> Iterator[str]:
    """Yield the text, and how an engine reads it that resolves code point escapes before all else."""
    yield text
    other = unescaped(text)
    if other is not None:
        yield other


def _refused(token: Token, text: str) -> QueryError:
    found = _REACHING.search(token.text)
    if found is None:
        message = f"{token.text.upper()}: a query does not change data"
    else:
        message = f"{found[0].upper()} {_REACHES_OUT[found[0].upper()]}"
    hint = (
        "take it out"
        if token.kind == "word"
        else "take it out; if it is a name, write a dot before the brace"
    )
    return error_at(message, text, token.start, None, hint=hint)
