"""What a query looks at: its text whatever the prefixes and blanks, and the triples that it can match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .prebinding import iri_of
from .tokens import significant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .tokens import Token

_CONDITIONS = frozenset({"FILTER", "BIND"})
_GROUPS = frozenset({"{", "}", "OPTIONAL", "UNION", "."})
_NODES = frozenset({"variable", "iri", "name", "blank", "number"})


def normal_form(text: str, prefixes: Mapping[str, str]) -> str:
    """Return the tokens of a query with one blank between them: names as IRIs, words in capitals, all
    variables with ``?``.

    >>> normal_form("select $x { $x a ex:C }", {"ex": "x:"})
    'SELECT ?x { ?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C> }'
    """
    return " ".join(_normal(token, prefixes) for token in significant(text))


def _normal(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "variable":
        return f"?{token.text[1:]}"
    iri = iri_of(token, prefixes)
    if iri is not None:
        return f"<{iri}>"
    return token.text.upper() if token.kind == "word" else token.text


def predicates_read(text: str, prefixes: Mapping[str, str]) -> frozenset[str] | None:
    """Return the predicates of the only triples that a SELECT can match; None where it may match any.

    It is told of groups of plain triple patterns with FILTER and BIND. With paths, EXISTS, GRAPH,
    sub-selects, lists and predicates that are variables nothing is told.

    >>> sorted(predicates_read("SELECT $this { $this ex:p ?v ; ex:q 1 }", {"ex": "x:"}))
    ['x:p', 'x:q']
    """
    tokens = significant(text)
    start = next((i for i, token in enumerate(tokens) if token.text == "{"), None)
    words = {token.text.upper() for token in tokens if token.kind == "word"}
    if start is None or tokens[0].text.upper() != "SELECT" or "EXISTS" in words:
        return None
    return _of_groups(tokens, start, prefixes)


def _of_groups(tokens: Sequence[Token], start: int, prefixes: Mapping[str, str]) -> frozenset[str] | None:
    found: set[str] = set()
    position = start
    while position < len(tokens):
        word = tokens[position].text.upper()
        if word in _GROUPS:
            position += 1
            continue
        if word in _CONDITIONS:
            behind = _behind_condition(tokens, position)
        else:
            behind = _behind_triples(tokens, position, prefixes, found)
        if behind is None:
            return None
        position = behind
    return frozenset(found)


def _behind_condition(tokens: Sequence[Token], position: int) -> int | None:
    """The position behind a FILTER or BIND."""
    position += 1
    if position < len(tokens) and tokens[position].text != "(":
        position += 1  # the name of a function
    depth = 0
    for index in range(position, len(tokens)):
        depth += (tokens[index].text == "(") - (tokens[index].text == ")")
        if depth == 0:
            return index + 1 if tokens[index].text == ")" else None
    return None


def _behind_triples(
    tokens: Sequence[Token], position: int, prefixes: Mapping[str, str], found: set[str]
) -> int | None:
    """The position behind the triple patterns of one subject, whose predicates are added to those found."""
    sign = ";"
    behind = _behind_node(tokens, position)
    while behind is not None and sign in (";", ","):
        if sign == ";":
            iri = iri_of(tokens[behind], prefixes)
            if iri is None:
                return None
            found.add(iri)
            behind += 1
        behind = _behind_node(tokens, behind)
        if behind is not None:
            sign = tokens[behind].text
            behind += sign in (";", ",")
    return behind


def _behind_node(tokens: Sequence[Token], position: int) -> int | None:
    """The position behind a subject or object; None where that is more than one term, or a path."""
    kinds = [token.kind for token in tokens[position : position + 2]]
    behind = position + 1
    if kinds[:1] == ["string"] and len(kinds) == 2:
        behind += 2 if tokens[behind].text == "^^" else kinds[1] == "language"
    elif not kinds or kinds[0] not in _NODES:
        return None
    return behind if behind < len(tokens) else None
