"""The notation of phrases: ``{this} be founded|formed ~ in {foundingLocation+} ~ by {founder+}``.

``word`` matches any inflection, ``=word`` that form only, ``a|b`` either, ``a_b`` a fixed multiword, ``[…]``
optional, ``{p}`` a value of
the slot ``p``, ``{p+}`` a list of values, ``{p!}`` only what has the class already, ``{p:text}`` forces a
kind, ``{this}`` the focus node,
``<class>`` any form of a word list, and `` ~ `` starts an adjunct.

The patterns of a role frame have three signs more: ``{role}`` and ``{role+}`` for the property of a role,
``<role>`` for its nouns, and ``{this?}``, which is ``{this!}`` where the role says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

KINDS = frozenset({"text", "title", "noun", "object"})
_TOKEN = re.compile(
    r"\s*(?:(?P<slot>\{[^{}]*\})|(?P<open>\[)|(?P<close>\])|(?P<tilde>~)|(?P<words>[^\s\[\]{}~]+))"
)
_SLOT = re.compile(
    r"\{(?P<name>[A-Za-z][\w-]*(?::[A-Za-z][\w-]*)?)"
    r"(?::(?P<kind>text|title|noun|object))?(?P<typed>!)?(?P<many>\+)?\}"
)


LONGEST = 2_000
"""The most characters of a pattern."""

DEEPEST = 8
"""How many brackets may stand inside each other."""

MOST_OPTIONS = 10
"""The most brackets in the core or an adjunct: each doubles the ways to match it."""

MOST_ADJUNCTS = 30


class NotationError(ValueError):
    """A pattern that is not well-formed; says which part."""


@dataclass(frozen=True, slots=True)
class Words:
    """One position of a pattern: alternatives, each a tuple of words with a mark for "this form only"."""

    alternatives: tuple[tuple[tuple[str, ...], bool], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A value of a property; ``many`` reads a list, ``kind`` forces a kind of literal, ``typed`` wants what
    already has the class.
    """

    name: str
    many: bool = False
    kind: str | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Maybe:
    """Elements that may be absent together."""

    elements: tuple[Element, ...]


Element = Words | Slot | Maybe
THIS = "this"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A core and its adjuncts, which follow in any order."""

    core: tuple[Element, ...]
    adjuncts: tuple[tuple[Element, ...], ...]

    def slots(self) -> Iterator[Slot]:
        """Yield every slot but ``{this}``."""
        for part in (self.core, *self.adjuncts):
            yield from _slots(part)

    def has_this(self) -> bool:
        """Tell whether the core or an adjunct names the focus node."""
        return any(s.name == THIS for part in (self.core, *self.adjuncts) for s in _all_slots(part))


def _all_slots(elements: tuple[Element, ...]) -> Iterator[Slot]:
    for element in elements:
        if isinstance(element, Slot):
            yield element
        elif isinstance(element, Maybe):
            yield from _all_slots(element.elements)


def _slots(elements: tuple[Element, ...]) -> Iterator[Slot]:
    return (slot for slot in _all_slots(elements) if slot.name != THIS)


_CLASS = re.compile(r"<(?P<name>[A-Za-z][\w-]*)>")


def expand_classes(text: str, lists: Mapping[str, frozenset[str]]) -> str:
    """Return a pattern with the forms of word lists for their names.

    >>> expand_classes("the [<rank>] leader", {"rank": frozenset({"first", "long time"})})
    'the [=first|=long_time] leader'

    Raises:
        NotationError: there is no such list.
    """

    def forms(found: re.Match[str]) -> str:
        if not lists.get(found["name"]):
            raise NotationError(f"no word list of the language is called {found['name']!r}")
        return _exactly(sorted(lists[found["name"]]))

    return _CLASS.sub(forms, text)


def expand_role(text: str, slot: str, nouns: Iterable[str], *, typed: bool) -> str:
    """Return a pattern of a role frame with the slot and the nouns of a role; ``typed`` asks for a focus node
    that has its class already.

    >>> expand_role("{role+} be [the] <role> of {this?}", "chair", ["chair", "vice chair"], typed=True)
    '{chair+} be [the] =chair|=vice_chair of {this!}'
    """
    text = text.replace("{role", "{" + slot).replace("<role>", _exactly(nouns))
    return text.replace("{this?}", "{this!}" if typed else "{this}")


def _exactly(forms: Iterable[str]) -> str:
    return "|".join("=" + form.replace(" ", "_") for form in forms)


def parse_pattern(text: str) -> Pattern:
    """Parse the notation.

    >>> parse_pattern("{this} be =born ~ in {birthPlace}").adjuncts[0][1]
    Slot(name='birthPlace', many=False, kind=None, typed=False)

    Raises:
        NotationError: an unknown kind, an unclosed bracket, an empty part, or more than can be matched: 2,000
            characters, 30 adjuncts, 10 brackets in the core or an adjunct, 8 inside each other.
    """
    parts: list[list[Element]] = [[]]
    stack: list[list[Element]] = [parts[-1]]
    tokens = list(_tokens(text))
    _check_size([kind for kind, _ in tokens])
    for kind, token in tokens:
        if kind == "tilde":
            if len(stack) > 1:
                raise NotationError("'~' inside […]")
            parts.append([])
            stack = [parts[-1]]
        elif kind == "open":
            stack.append([])
        elif kind == "close":
            if len(stack) == 1:
                raise NotationError("']' without '['")
            inner = tuple(stack.pop())
            stack[-1].append(Maybe(inner))
        else:
            stack[-1].append(_slot(token) if kind == "slot" else _words(token))
    if len(stack) > 1:
        raise NotationError("'[' without ']'")
    if not all(parts):
        raise NotationError("an empty part beside '~'")
    return Pattern(tuple(parts[0]), tuple(tuple(part) for part in parts[1:]))


def _check_size(kinds: list[str]) -> None:
    """Bound what matching has to try: it goes through the brackets of a part in every combination."""
    if kinds.count("tilde") > MOST_ADJUNCTS:
        raise NotationError(f"more than {MOST_ADJUNCTS} adjuncts")
    options = depth = 0
    for kind in kinds:
        options = 0 if kind == "tilde" else options + (kind == "open")
        depth += (kind == "open") - (kind == "close")
        if depth > DEEPEST:
            raise NotationError(f"more than {DEEPEST} brackets inside each other")
        if options > MOST_OPTIONS:
            raise NotationError(f"more than {MOST_OPTIONS} brackets in the core or an adjunct")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    if len(text) > LONGEST:
        raise NotationError(f"longer than {LONGEST} characters")
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise NotationError(f"cannot read {text[position:].lstrip()!r}")
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


@lru_cache(maxsize=4096)
def _slot(token: str) -> Slot:
    match = _SLOT.fullmatch(token)
    if match is None:
        raise NotationError(f"not a slot: {token}")
    name, kind = match["name"], match["kind"]
    if kind is None and ":" in name and name.rpartition(":")[2] in KINDS:
        name, _, kind = name.rpartition(":")
    return Slot(name, match["many"] is not None, kind, match["typed"] is not None)


@lru_cache(maxsize=4096)
def _words(token: str) -> Words:
    alternatives = []
    for alternative in token.split("|"):
        exact = alternative.startswith("=")
        words = tuple(word for word in alternative.removeprefix("=").split("_") if word)
        if not words:
            raise NotationError(f"an empty alternative in {token!r}")
        alternatives.append((words, exact))
    return Words(tuple(alternatives))


_MARK = re.compile(r"\[(?P<words>[^\[\]]+)\]\{(?P<slot>[^{}]+)\}")


def parse_example(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return an example's plain sentence and its marked values as (slot, words) pairs.

    >>> parse_example("[It]{this} was founded by [Ada Lund]{founder}.")
    ('It was founded by Ada Lund.', (('this', 'It'), ('founder', 'Ada Lund')))
    """
    marks = tuple((match["slot"], match["words"]) for match in _MARK.finditer(text))
    return _MARK.sub(lambda match: match["words"], text), marks
