"""Where the terms of a Turtle or TriG file stand: a scan of its tokens (https://www.w3.org/TR/turtle/ §6.5),
for messages that name line and column.

A parser tells what a file says, not where; this tells where, and checks nothing. What it cannot read ends it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Quantifiers are possessive: no text takes more than one pass.
_IN_NAME = r"(?:[\w\u00b7-]|\.++(?=[\w\u00b7-]))*+"
_IN_LOCAL = r"(?:[\w:\u00b7-]|%[0-9A-Fa-f]{2}|\\.|\.++(?=[\w:%\\\u00b7-]))*+"
_TOKEN = re.compile(
    rf"""[ \t\r\n]++|\#[^\r\n]*+
    |(?P<text>\"{{3}}(?:[^"\\]++|\\.|\"{{1,2}}(?!\"))*+\"{{3}}|'{{3}}(?:[^'\\]++|\\.|'{{1,2}}(?!'))*+'{{3}}
        |\"(?:[^"\\\r\n]++|\\.)*+\"|'(?:[^'\\\r\n]++|\\.)*+')
    |(?P<iri><(?!<)[^<>"{{}}|^`\s]*+>)
    |(?P<mark><<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|[][(){{}},;~])
    |(?P<at>@[A-Za-z]++(?:-[A-Za-z0-9-]+)*+)
    |(?P<blank>_:\w{_IN_NAME})
    |(?P<name>(?:[^\W\d_]{_IN_NAME})?+:{_IN_LOCAL})
    |(?P<number>[+-]?(?:\d++(?:\.\d++)?|\.\d++)(?:[eE][+-]?\d++)?)
    |(?P<dot>\.)
    |(?P<word>[^\W\d_]{_IN_NAME})""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_OPENING = {"[": "]", "(": ")", "{": "}", "<<": ">>", "<<(": ")>>", "{|": "|}"}
_CLOSING = frozenset(_OPENING.values())
_PREDICATES = frozenset({"[", "{|"})  # what stands first in these is a predicate


class Role(StrEnum):
    """What a term is in its triple."""

    SUBJECT = "subject"
    PREDICATE = "predicate"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Mention:
    """An IRI or a literal where it is written: offsets in code points, the end exclusive.

    ``subject`` is the IRI of the block that it stands in, empty if that has none, and ``predicate`` the one
    that it is, or is a value of; ``text`` is an IRI, or a literal as it is written.
    """

    text: str
    role: Role
    start: int
    end: int
    subject: str
    predicate: str = ""
    is_literal: bool = False


@dataclass(frozen=True)
class Lines:
    """The beginnings of a text's lines, to turn offsets into lines and columns."""

    text: str = field(repr=False)
    starts: list[int] = field(repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column, both from 1, of an offset in code points."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def lines_of(text: str) -> Lines:
    """Index a text by its lines, which end in LF, CR LF or CR."""
    return Lines(text, [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))])


def mentions(text: str, base: str = "") -> Iterator[Mention]:
    r"""Yield the IRIs and literals of a Turtle or TriG document in their order; blank nodes, numbers and IRIs
    without a known base are passed over.

    >>> [(one.text, one.role.value, one.start) for one in mentions("@prefix c: <x:y#> .\nc:a a c:B .")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('x:y#a', 'subject', 20), ('http://www.w3.org/1999/02/22-rdf-syntax-ns#type', 'predicate', 24),
     ('x:y#B', 'object', 26)]
    """
    return _Scan(text, base).mentions()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Level:
    """Where a scan is inside a bracket; ``waiting`` is what the next term is."""

    bracket: str
    waiting: Role
    predicate: str = ""


class _Scan:
    def __init__(self, text: str, base: str) -> None:
        self._text = text
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._subject = ""
        self._levels = [_Level("", Role.SUBJECT)]

    def mentions(self) -> Iterator[Mention]:
        tokens = list(self._tokens())
        at = 0
        while at < len(tokens):
            taken = self._directive(tokens[at : at + 4])
            if taken:
                at += taken
                continue
            following = tokens[at + 1].text if at + 1 < len(tokens) else ""
            yield from self._step(tokens[at], following)
            at += 1

    def _tokens(self) -> Iterator[_Token]:
        at = 0
        while at < len(self._text):
            found = _TOKEN.match(self._text, at)
            if found is None:
                return
            if found.lastgroup:
                yield _Token(found.lastgroup, found[0], at, found.end())
            at = found.end()

    def _directive(self, tokens: list[_Token]) -> int:
        """How many tokens are a declaration of a prefix or base (§2.4), which is noted."""
        first = tokens[0]
        word = first.text.lower().removeprefix("@")
        if first.kind not in ("at", "word") or len(self._levels) > 1:
            return 0
        kinds = [token.kind for token in tokens]
        if word == "prefix" and kinds[1:3] == ["name", "iri"]:
            self._prefixes[tokens[1].text[:-1]] = self._resolved(tokens[2].text) or ""
            return 3 + (kinds[3:4] == ["dot"] and first.kind == "at")
        if word == "base" and kinds[1:2] == ["iri"]:
            self._base = self._resolved(tokens[1].text) or ""
            return 2 + (kinds[2:3] == ["dot"] and first.kind == "at")
        return 0

    def _step(self, token: _Token, following: str) -> Iterator[Mention]:
        level = self._levels[-1]
        if token.text in _OPENING and token.kind == "mark":
            self._open(token.text)
        elif token.text in _CLOSING and token.kind == "mark":
            self._close(token.text)
        elif token.kind == "dot" or token.text == ";":
            level.waiting = Role.SUBJECT if token.kind == "dot" else Role.PREDICATE
        elif token.text == ",":
            level.waiting = Role.OBJECT
        elif token.kind not in ("mark", "at") and not _names_graph(token, following):
            yield from self._term(token, level)

    def _open(self, bracket: str) -> None:
        level = self._levels[-1]
        if bracket == "{":
            level.waiting = Role.SUBJECT
        elif level.waiting is Role.SUBJECT and bracket != "{|":
            self._subject = ""
        waiting = Role.PREDICATE if bracket in _PREDICATES else Role.OBJECT
        predicate = "" if bracket in _PREDICATES else level.predicate
        self._levels.append(_Level(bracket, Role.SUBJECT if bracket == "{" else waiting, predicate))

    def _close(self, bracket: str) -> None:
        if len(self._levels) > 1 and _OPENING[self._levels[-1].bracket] == bracket:
            self._levels.pop()
        level = self._levels[-1]
        after = {Role.SUBJECT: Role.PREDICATE, Role.PREDICATE: Role.OBJECT, Role.OBJECT: Role.OBJECT}
        level.waiting = Role.SUBJECT if bracket == "}" else after[level.waiting]

    def _term(self, token: _Token, level: _Level) -> Iterator[Mention]:
        is_literal = token.kind in ("text", "number") or token.text in ("true", "false")
        text = token.text if is_literal else self._iri(token, level) or ""
        role = level.waiting
        if role is Role.SUBJECT:
            self._subject = text
            level.waiting = Role.PREDICATE
        elif role is Role.PREDICATE:
            level.predicate = text
            level.waiting = Role.OBJECT
        if text:
            predicate = "" if role is Role.SUBJECT else level.predicate
            yield Mention(text, role, token.start, token.end, self._subject, predicate, is_literal)

    def _iri(self, token: _Token, level: _Level) -> str | None:
        if token.kind == "iri":
            return self._resolved(token.text)
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            namespace = self._prefixes.get(prefix)
            return namespace + re.sub(r"\\(.)", r"\1", local) if namespace else None
        return _TYPE if token.text == "a" and level.waiting is Role.PREDICATE else None

    def _resolved(self, text: str) -> str | None:
        iri = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16) % 0x110000), text[1:-1])
        if _SCHEME.match(iri):
            return iri
        return urljoin(self._base, iri) if self._base.startswith(("http:", "https:", "file:")) else None


def _names_graph(token: _Token, following: str) -> bool:
    """Tell a graph's name and the word before it (TriG §2.2) from terms."""
    return following == "{" or (token.kind == "word" and token.text.lower() == "graph")


def subject_lines(text: str, base: str = "") -> Mapping[str, int]:
    """Return the line (from 1) where each IRI of a Turtle, TriG, N-Triples or N-Quads document first stands
    as a subject; ``base`` is what its relative IRIs are relative to.
    """
    lines = lines_of(text)
    found: dict[str, int] = {}
    for one in mentions(text, base):
        if one.role is Role.SUBJECT and not one.is_literal and one.text not in found:
            found[one.text] = lines.position(one.start)[0]
    return found
