"""Which variables of a SELECT nothing can bind (SPARQL 1.1 §18.2.1): those that stand in no pattern, BIND,
VALUES or expression of the SELECT clause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ..sparql.tokens import Token

_END_OF_CLAUSE = frozenset({"WHERE", "FROM", "{"})
_NOT_BINDING = frozenset({"MINUS", "EXISTS"})


def unbound(tokens: Sequence[Token], given: Collection[str]) -> Iterator[Token]:
    """Yield the variables that the outer SELECT of a query selects and that nothing binds; ``given`` have
    their values from elsewhere.
    """
    start = next((n for n, token in enumerate(tokens) if token.text.upper() == "SELECT"), None)
    if start is None:
        return
    selected, end = _selected(tokens, start + 1)
    bound = set(_bound(tokens, end)) | set(given)
    seen: set[str] = set()
    for token in selected:
        name = token.text[1:]
        if name not in bound and name not in seen:
            yield token
        seen.add(name)


def _selected(tokens: Sequence[Token], start: int) -> tuple[list[Token], int]:
    """The variables that a SELECT clause takes from its patterns as they are, and where the clause ends."""
    found: list[Token] = []
    depth = 0
    for position in range(start, len(tokens)):
        token = tokens[position]
        if depth == 0 and token.text.upper() in _END_OF_CLAUSE:
            return found, position
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "variable" and depth == 0:
            found.append(token)
    return found, len(tokens)


def _bound(tokens: Sequence[Token], start: int) -> Iterator[str]:
    """The variables that may have a value after the patterns from a position on.

    Those of a sub-select count, whether it selects them or not: what is told must be so.
    """
    position = start
    while position < len(tokens):
        token = tokens[position]
        word = token.text.upper() if token.kind == "word" else ""
        if word in _NOT_BINDING:
            position = _skip(tokens, position + 1, "{", "}")
            continue
        if word == "FILTER" or word == "HAVING":
            position = _after_filter(tokens, position + 1)
            continue
        if word == "BIND":
            end = _skip(tokens, position + 1, "(", ")")
            yield from _named(tokens, position, end)
            position = end
            continue
        if word in ("ORDER", "GROUP"):
            end = _modifiers_end(tokens, position)
            yield from _named(tokens, position, end)
            position = end
            continue
        if token.kind == "variable":
            yield token.text[1:]
        position += 1


def _named(tokens: Sequence[Token], start: int, end: int) -> Iterator[str]:
    """The variables after AS."""
    for before, token in zip(tokens[start:end], tokens[start + 1 : end], strict=False):
        if before.text.upper() == "AS" and token.kind == "variable":
            yield token.text[1:]


def _after_filter(tokens: Sequence[Token], position: int) -> int:
    """The position after a constraint: a bracketed expression, a call, or (NOT) EXISTS with its block."""
    while position < len(tokens) and tokens[position].text not in ("(", "{"):
        position += 1
    if position == len(tokens):
        return position
    opening = tokens[position].text
    return _skip(tokens, position, opening, {"(": ")", "{": "}"}[opening])


def _modifiers_end(tokens: Sequence[Token], position: int) -> int:
    while position < len(tokens) and tokens[position].text != "}":
        position += 1
    return position


def _skip(tokens: Sequence[Token], position: int, opening: str, closing: str) -> int:
    """The position after the bracket that closes the next one to open."""
    depth = 0
    while position < len(tokens):
        text = tokens[position].text
        depth += (text == opening) - (text == closing)
        position += 1
        if depth == 0 and text in (opening, closing):
            return position
    return position
