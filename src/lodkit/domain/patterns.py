"""Regular expressions of shapes (``sh:pattern``), matched in linear time whatever they say.

They are those of XPath (https://www.w3.org/TR/xpath-functions/#regex-syntax), which SPARQL's REGEX, and so
``sh:pattern`` (SHACL §4.4.3), is defined by. The engine's REGEX takes another dialect, so each is written in
that one; back-references and Unicode blocks have no counterpart there. Simple ones need no engine
(`lodkit.domain.deterministic`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from ..sparql import evaluate
from .deterministic import deterministic

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 2_000
"""The most characters that a pattern may have."""

_TEXT = NamedNode("urn:x-lodkit:text")
_FLAGS = frozenset("smixq")
_MEMOISED = 1_000  # characters: longer texts are not kept
_CLASSES_IN_CLASSES = 8
_NAME_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)  # XML 1.0, production 4
_NAME = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F\u2040"  # XML 1.0, production 4a

_SETS = {
    r"\s": r"[ \t\n\r]",
    r"\S": r"[^ \t\n\r]",
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\w": r"[^\p{P}\p{Z}\p{C}]",
    r"\W": r"[\p{P}\p{Z}\p{C}]",
    r"\i": f"[{_NAME_START}]",
    r"\I": f"[^{_NAME_START}]",
    r"\c": f"[{_NAME}]",
    r"\C": f"[^{_NAME}]",
}
"""Multi-character escapes (XML Schema 1.1 part 2, §G.4.2.5) as the engine writes them."""

_SINGLE = r"\\[nrt\\|.?*+(){}\-\[\]^$]"
_SEVERAL = (
    r"(?P<set>\\[sSiIcCdDwW])"
    r"|(?P<category>\\[pP]\{(?:C[cfno]?|L[ulmot]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\})"
)
_PIECE = re.compile(
    rf"(?P<escape>{_SINGLE})|{_SEVERAL}"
    r"|(?P<quantifier>(?:[?*+]|\{[0-9]{1,6}(?:,[0-9]{0,6})?\})\??)"
    r"|(?P<group>\((?:\?:)?)"
    r"|(?P<dot>\.)|(?P<end>\))|(?P<mark>[$^|])"
    r"|(?P<class>\[\^?)"
    r"|(?P<plain>[^.\\?*+{}()|\[\]^$])",
    re.DOTALL,
)
_MEMBER = re.compile(
    rf"(?P<first>{_SINGLE}|[^\\\[\]-])(?:-(?P<last>{_SINGLE}|[^\\\[\]-]))?"
    rf"|{_SEVERAL}|(?P<minus>-\[\^?)|(?P<hyphen>-)|(?P<close>\])",
    re.DOTALL,
)
_REPEATABLE = frozenset(("escape", "set", "category", "dot", "end", "class", "plain"))


class PatternError(ValueError):
    """A pattern that is none, or that cannot be matched in linear time; says why."""


@dataclass(frozen=True, slots=True)
class ValuePattern:
    """A regular expression with its flags (``s m i x q``); ``written`` is how the engine writes it."""

    source: str
    flags: str
    written: str

    def matches(self, text: str) -> bool:
        """Tell whether the expression matches somewhere in a text.

        >>> parse_value_pattern("^(a+)+$").matches("a" * 40 + "b")
        False
        """
        direct = self._direct()
        if direct is not None:
            return direct.search(text) is not None
        if len(text) > _MEMOISED:
            return bool(self.matching((text,)))
        return _matches(self, text)

    def matching(self, texts: Iterable[str]) -> frozenset[str]:
        """Return those of some texts in which the expression matches."""
        direct = self._direct()
        if direct is not None:
            return frozenset(text for text in texts if direct.search(text))
        return self.matching_by_engine(texts)

    def matching_by_engine(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the same as the engine tells it: 5 µs each, and 100 µs for the first."""
        store = Store()
        store.extend(Quad(_TEXT, _TEXT, Literal(text)) for text in texts)
        rows = _ask(f"SELECT ?text {{ ?s ?p ?text FILTER(REGEX(?text, {self._arguments()})) }}", store)
        return frozenset(row["text"].value for row in rows)

    def _direct(self) -> re.Pattern[str] | None:
        return None if self.flags else deterministic(self.source)

    def is_known(self) -> bool:
        """Tell whether the engine takes the expression."""
        rows = _ask(f'SELECT (REGEX("", {self._arguments()}) AS ?is) {{}}', Store())
        return next(rows)["is"] is not None

    def _arguments(self) -> str:
        # A constant, because the engine compiles a variable's value at each row: that takes 200 µs.
        taken = "".join(flag for flag in "smi" if flag in self.flags)  # x and q are written out
        return f"{Literal(self.written)}, {Literal(taken)}"


@lru_cache(maxsize=4096)
def _matches(pattern: ValuePattern, text: str) -> bool:
    return bool(pattern.matching((text,)))


def _ask(query: str, store: Store) -> QuerySolutions:
    answer = evaluate(store, query)
    assert isinstance(answer, QuerySolutions)
    return answer


@lru_cache(maxsize=1024)
def parse_value_pattern(source: str, flags: str = "") -> ValuePattern:
    """Read a regular expression of XPath.

    >>> parse_value_pattern(r"^\\p{L}+$").matches("Öland")
    True

    Raises:
        PatternError: it is none, is longer than 2,000 characters, is more than the engine compiles, or has
            back-references.
    """
    pattern = written_pattern(source, flags)
    if not pattern.is_known():
        raise PatternError(
            "brackets do not match, a range or a count is the wrong way round, or it is too large"
        )
    return pattern


def written_pattern(source: str, flags: str = "") -> ValuePattern:
    """Read a regular expression as `parse_value_pattern` does, without asking the engine whether it takes it.

    Raises:
        PatternError: something in it cannot stand in an expression of XPath.
    """
    if len(source) > LONGEST:
        raise PatternError(f"longer than {LONGEST} characters")
    if unknown := sorted(set(flags) - _FLAGS):
        raise PatternError(f"unknown flag {unknown[0]!r}: there are s, m, i, x and q")
    written = re.escape(source) if "q" in flags else _written(source, spaced="x" in flags)
    # A backslash before a u would be taken for an escape of SPARQL.
    written = written.replace(r"\\u", r"\\\x75").replace(r"\\U", r"\\\x55")
    return ValuePattern(source, flags, written)


def _written(source: str, *, spaced: bool) -> str:
    """An expression as the engine writes it."""
    parts: list[str] = []
    position, last = 0, ""
    while position < len(source):
        found = _PIECE.match(source, position)
        kind = str(found.lastgroup) if found else ""
        if found is None or (kind == "quantifier" and last not in _REPEATABLE):
            raise _cannot_stand(source, position)
        position = found.end()
        if kind == "plain" and spaced and found[0] in " \t\n\r":
            continue
        if kind == "class":
            text, position = _class(source, position, negated=found[0] == "[^", depth=0)
        else:
            text = _SETS.get(found[0], found[0])
        parts.append(text)
        last = kind
    return "".join(parts)


def _class(source: str, start: int, *, negated: bool, depth: int) -> tuple[str, int]:
    """A character class from behind its ``[`` or ``[^``, and where it ends (XML Schema 1.1 part 2,
    §G.4.2).
    """
    members: list[str] = []
    position = start
    while (found := _MEMBER.match(source, position)) is not None and not (found["minus"] or found["close"]):
        if found["hyphen"] and members and source[found.end() : found.end() + 1] != "]":
            raise _cannot_stand(source, position)
        members.append(_member(found))
        position = found.end()
    if found is None or not members or depth > _CLASSES_IN_CLASSES:
        raise _cannot_stand(source, position)
    own = f"[{'^' * negated}{''.join(members)}]"
    if found["close"]:
        return own, found.end()
    taken, position = _class(source, found.end(), negated=found["minus"].endswith("^"), depth=depth + 1)
    if source[position : position + 1] != "]":
        raise _cannot_stand(source, position)
    return f"[{own}--{taken}]", position + 1


def _member(found: re.Match[str]) -> str:
    """A member of a class, with signs escaped that mean something in the engine's classes only."""
    if found["first"] is None:
        return _SETS.get(found[0], found[0].replace("-", r"\-"))
    ends = (found["first"], found["last"]) if found["last"] else (found["first"],)
    return "-".join(re.escape(end) if len(end) == 1 and not end.isspace() else end for end in ends)


def _cannot_stand(source: str, position: int) -> PatternError:
    words = source[position : position + 3]
    if re.match(r"\\[1-9]", words):
        return PatternError(f"{words[:2]} refers back, which takes more than linear time")
    if not words:
        return PatternError("it ends inside brackets")
    return PatternError(
        f"{words!r} at character {position + 1} cannot stand there in a regular expression of XPath"
    )
