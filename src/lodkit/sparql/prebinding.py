"""What a query with pre-bound variables may not hold (SHACL, appendix A), and what it needs to have
solutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from .guard import refuse_unsafe
from .tokens import Token, significant, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_UNSUPPORTED = frozenset({"MINUS", "VALUES", "SERVICE"})
_MAY_BE_EMPTY = frozenset({"OPTIONAL", "UNION", "EXISTS", "MINUS", "GRAPH", "SERVICE"})
_ONE_ROW_OF_NOTHING = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_NO_PATTERN = frozenset({"FILTER", "BIND", "VALUES"})
_PATH_SIGNS = frozenset({"*", "?", "|", "^", "!", "(", "/", "+"})
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Needs:
    """Predicates without which a query has no solutions: at all, and of its focus node as a subject."""

    predicates: frozenset[str] = frozenset()
    of_focus: frozenset[str] = frozenset()


_ALL_TOGETHER = _ONE_ROW_OF_NOTHING | {
    "GROUP",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "RAND",
    "UUID",
    "STRUUID",
    "BNODE",
}


def is_separable(text: str, name: str = "this") -> bool:
    """Tell whether a SELECT asked with many values of a variable has the solutions for each, and says of
    which.
    """
    tokens = significant(text)
    words = {token.text.upper() for token in tokens if token.kind == "word"}
    start = next((i for i, token in enumerate(tokens) if token.text.upper() == "SELECT"), None)
    return start is not None and not words & _ALL_TOGETHER and name in _returned(tokens, start)


def prebinding_faults(
    tokens: Sequence[Token], bound: frozenset[str], optional: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Token]]:
    """Yield what makes a query ill-formed whose variables of some names are pre-bound, and where.

    ``bound`` are the variables that sub-selects must return; those of ``optional`` may only not be
    assigned.
    """
    is_nested = False
    for position, token in enumerate(tokens):
        word = token.text.upper() if token.kind == "word" else ""
        is_nested = is_nested or token.text == "{"
        if word in _UNSUPPORTED:
            yield f"{word} is not supported where variables are pre-bound", token
        elif word == "AS" and position + 1 < len(tokens):
            name = _variable(tokens[position + 1])
            if name in bound or name in optional:
                yield f"AS assigns ${name}, which is pre-bound", token
        elif word == "SELECT" and is_nested:
            for missing in sorted(bound - _returned(tokens, position))[:1]:
                yield f"a sub-select does not return ${missing}, which is pre-bound", token
        elif word == "SELECT" and "this" in bound - _returned(tokens, position):
            yield "it does not return $this (SHACL §5.3.2: a result is about a focus node)", token


def undeclared_prefixes(tokens: Sequence[Token], declared: Mapping[str, str]) -> Iterator[Token]:
    """Yield the names of a query whose prefix nothing declares."""
    known = set(declared)
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if before is not None and before.text.upper() == "PREFIX":
                known.add(prefix)
            elif prefix not in known:
                yield token


def _variable(token: Token) -> str | None:
    return token.text[1:] if token.kind == "variable" else None


def _returned(tokens: Sequence[Token], position: int) -> set[str]:
    """The variables that a SELECT clause returns; of ``*`` those that stand in triple patterns of its
    group.
    """
    found: set[str] = set()
    depth = 0
    for index in range(position + 1, len(tokens)):
        token = tokens[index]
        if token.text == "{" or (depth == 0 and token.text.upper() in ("WHERE", "FROM")):
            return found
        depth += (token.text == "(") - (token.text == ")")
        name = _variable(token)
        if name is not None and (depth == 0 or tokens[index - 1].text.upper() == "AS"):
            found.add(name)
        elif token.text == "*" and depth == 0:
            return found | _in_patterns(tokens, index + 1)
    return found


def _in_patterns(tokens: Sequence[Token], start: int) -> set[str]:
    """The variables of the group that begins at the first brace, but for those that only FILTER or BIND
    name.
    """
    found: set[str] = set()
    index = next((i for i in range(start, len(tokens)) if tokens[i].text == "{"), len(tokens) - 1)
    end = _end(tokens, index)
    while index < end:
        if tokens[index].text.upper() in _NO_PATTERN:
            index = _behind(tokens, index)
            continue
        name = _variable(tokens[index])
        found |= {name} if name is not None else set()
        index += 1
    return found


def needs_of(text: str, prefixes: Mapping[str, str], focus: str = "this") -> Needs:
    """Tell which predicates a SELECT needs in the data: those of triple patterns that every solution has.

    What cannot be told is not told: with an aggregate, which has a row of nothing, it needs nothing.
    """
    tokens = significant(text)
    words = {token.text.upper() for token in tokens if token.kind == "word"}
    if words & _ONE_ROW_OF_NOTHING or "PREFIX" in words or "BASE" in words:
        return Needs()
    predicates: set[str] = set()
    of_focus: set[str] = set()
    for subject, verb in _patterns(tokens):
        iri = iri_of(verb, prefixes)
        if iri is not None:
            predicates.add(iri)
            if _variable(subject) == focus:
                of_focus.add(iri)
    return Needs(frozenset(predicates), frozenset(of_focus))


def iri_of(token: Token, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI that a token is, as it stands or by its prefix; None if it is none, or has escapes."""
    if token.kind == "iri" and "\\" not in token.text:
        return token.text[1:-1]
    if token.kind == "name" and "\\" not in token.text and "%" not in token.text:
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + local if prefix in prefixes else None
    return _TYPE if token.text == "a" else None


def _patterns(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield subject and predicate of the triple patterns that every solution matches, but for those with a
    path.
    """
    select = next((i for i, token in enumerate(tokens) if token.text.upper() == "SELECT"), None)
    position = len(tokens) if select is None else _behind(tokens, select)
    subject: Token | None = None
    while position < len(tokens):
        token = tokens[position]
        if token.text in ("{", "}"):
            subject = None
            if token.text == "{" and _may_be_empty(tokens, position):
                position = _end(tokens, position)
        elif token.text.upper() in _NO_PATTERN or token.text.upper() == "SELECT":
            subject = None
            position = _behind(tokens, position) - 1
        elif token.text == ".":
            subject = None
        elif subject is None:
            is_plain = token.kind in ("variable", "iri", "name")
            subject = token if is_plain else None
            position = position if is_plain else _block_end(tokens, position)
        else:
            if _is_verb(tokens, position, subject):
                yield subject, token
            position = _skipped(tokens, position)
        position += 1


def _is_verb(tokens: Sequence[Token], position: int, subject: Token) -> bool:
    """Tell whether a token is a whole predicate, behind its subject or a semicolon."""
    before = tokens[position - 1]
    if before is not subject and before.text != ";":
        return False
    follower = tokens[position + 1] if position + 1 < len(tokens) else before
    return tokens[position].kind in ("iri", "name", "word") and follower.text not in _PATH_SIGNS


def _block_end(tokens: Sequence[Token], position: int) -> int:
    """The last token before the dot or brace that ends a block of triples of which nothing is told."""
    position = _skipped(tokens, position)
    while position + 1 < len(tokens) and tokens[position + 1].text not in (".", "{", "}"):
        position = _skipped(tokens, position + 1)
    return position


def _skipped(tokens: Sequence[Token], position: int) -> int:
    """The end of a bracket that begins here, or the position."""
    closing = {"(": ")", "[": "]"}.get(tokens[position].text)
    if closing is None:
        return position
    return _end(tokens, position)


_OPEN, _CLOSE = frozenset("{(["), frozenset("})]")


def _end(tokens: Sequence[Token], position: int) -> int:
    """The position of the bracket that closes the one here."""
    depth = 0
    for index in range(position, len(tokens)):
        depth += (tokens[index].text in _OPEN) - (tokens[index].text in _CLOSE)
        if depth == 0:
            return index
    return len(tokens) - 1


def _behind(tokens: Sequence[Token], position: int) -> int:
    """The position behind a FILTER, BIND or VALUES, or at the brace behind a SELECT clause."""
    word = tokens[position].text.upper()
    index = position + 1
    while index < len(tokens):
        text = tokens[index].text
        if text == "{" and word == "SELECT":
            return index
        if text in _OPEN:
            index = _end(tokens, index) + 1
            if word != "SELECT" and not (
                word == "VALUES" and index < len(tokens) and tokens[index].text == "{"
            ):
                return index
        else:
            index += 1
    return index


def _may_be_empty(tokens: Sequence[Token], position: int) -> bool:
    """Tell whether a solution need not match the group that begins here."""
    before = [token.text.upper() for token in tokens[max(0, position - 2) : position]]
    if before and (before[-1] in _MAY_BE_EMPTY or before[0] == "GRAPH"):
        return True
    end = _end(tokens, position)
    return end + 1 < len(tokens) and tokens[end + 1].text.upper() == "UNION"


@dataclass(frozen=True, slots=True)
class Prebound:
    """A query that was found safe, cut behind the brace of each of its group graph patterns; made by
    `prepare`.
    """

    pieces: tuple[str, ...]

    def with_values(self, rows: Sequence[Mapping[str, str]], before: str = "") -> str:
        """Return the query in which each group begins with values of variables, which are terms in
        N-Triples.

        That is pre-binding as SHACL defines it (appendix A, "values insertion"); with several rows of the
        same variables all of them are asked for at once. ``before`` is a pattern that stands before the
        values.
        """
        names = " ".join(f"${name}" for name in rows[0])
        values = " ".join(f"({' '.join(row.values())})" for row in rows)
        return f"{before} VALUES ({names}) {{ {values} }} ".join(self.pieces)


@lru_cache(maxsize=512)
def prepare(text: str) -> Prebound:
    """Read a query whose variables will be pre-bound.

    Raises:
        QueryError: it reaches out of the data, would change them, or is no sequence of SPARQL's tokens.
        LimitError: its brackets stand too deep in each other.
    """
    refuse_unsafe(text)
    tokens = significant(text)
    pieces: list[str] = []
    start = 0
    for token, follower in zip_longest(tokens, tokens[1:]):
        if token.text == "{" and (follower is None or follower.text.upper() != "SELECT"):
            pieces.append(text[start : token.start + 1])
            start = token.start + 1
    return Prebound((*pieces, text[start:]))


def with_path(text: str, path: str) -> str:
    """Put a property path in the place of ``$PATH`` (SHACL §5.3.1)."""
    tokens = list(tokenize(text))
    return "".join(f" {path} " if _variable(token) == "PATH" else token.text for token in tokens)
