"""Brackets of a query that nothing opens or closes, which engines tell of in the words of their grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tokens import Token

_CLOSING = {"(": ")", "{": "}", "[": "]"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


def bracket_fault(tokens: Sequence[Token]) -> tuple[str, Token] | None:
    """Return what is wrong with the brackets of a query, and the bracket; None where they fit.

    >>> from .tokens import significant
    >>> message, token = bracket_fault(significant("SELECT * { FILTER(?x > 1 }")) or ("", None)
    >>> message, token.start
    ("')' expected before this '}'", 25)
    """
    open_: list[Token] = []
    for token in tokens:
        if token.kind != "mark":
            continue
        if token.text in _CLOSING:
            open_.append(token)
        elif token.text in _OPENING:
            if not open_:
                return f"nothing opens this {token.text!r}", token
            if open_[-1].text != _OPENING[token.text]:
                return f"{_CLOSING[open_[-1].text]!r} expected before this {token.text!r}", token
            open_.pop()
    return (f"nothing closes this {open_[-1].text!r}", open_[-1]) if open_ else None


def mentioned(tokens: Sequence[Token]) -> dict[str, int]:
    """Return the variables of a query by name, numbered in the order in which they are first mentioned.

    >>> from .tokens import significant
    >>> mentioned(significant("SELECT * { ?s ?p $o . ?o ?p ?s }"))
    {'s': 0, 'p': 1, 'o': 2}
    """
    found: dict[str, int] = {}
    for token in tokens:
        if token.kind == "variable":
            found.setdefault(token.text[1:], len(found))
    return found


def selects_all(tokens: Sequence[Token]) -> bool:
    """Tell whether the outermost SELECT asks for ``*``: all variables, in no order (SPARQL 1.1 §16.1)."""
    words = (index for index, token in enumerate(tokens) if token.text.upper() == "SELECT")
    at = next(words, len(tokens)) + 1
    while at < len(tokens) and tokens[at].text.upper() in ("DISTINCT", "REDUCED"):
        at += 1
    return at < len(tokens) and tokens[at].text == "*"
