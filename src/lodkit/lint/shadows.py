"""Rules that never add anything, because another one reads all that they read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.lexicon import CORE
from ..domain.notation import Element, Maybe, Pattern, Slot, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain import Domain, English
    from ..errors import DomainError
    from .model import Checked

MOST_COMPARED = 100
"""With how many patterns of the same beginning one is compared."""

MOST_WORDS = 50
"""How many alternatives a position may have in a pattern that is compared."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A pattern with its phrase, and its number among all patterns; ``text`` is how it is written."""

    phrase: str
    fills: str
    number: int
    text: str
    pattern: Pattern


def shadowed(checked: Checked) -> Iterator[DomainError]:
    """Yield patterns that another pattern reads all of, of the same phrase or of one that fills the same."""
    if checked.domain is None:
        return
    english = checked.domain.english
    placed = list(_placed(checked.domain))
    index: dict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for one in placed:
        for key in _keys(one, english):
            index[key].append(one)
    for one in placed:
        key = next(iter(_keys(one, english)))
        others = [other for other in index[key][:MOST_COMPARED] if not _is_same(other, one)]
        other = next((other for other in others if _covers(other, one, english)), None)
        if other is not None:
            yield _error(checked, one, other)


def _error(checked: Checked, one: Placed, other: Placed) -> DomainError:
    whose = "" if other.phrase == one.phrase else f" of {checked.compact(other.phrase)}"
    message = f"pattern {one.text!r} adds nothing to {other.text!r}{whose}, which reads all that it reads"
    hint = "take it out, or make it say more"
    return checked.literal_error(message, one.phrase, (CORE + "pattern", one.text), hint)


def _placed(domain: Domain) -> Iterator[Placed]:
    number = 0
    for phrase in domain.phrases:
        for text, pattern in zip(phrase.written, phrase.patterns, strict=True):
            if all(len(element.alternatives) <= MOST_WORDS for element in _words_of(pattern)):
                yield Placed(phrase.iri, phrase.fills, number, text, pattern)
            number += 1


def _words_of(pattern: Pattern) -> Iterator[Words]:
    queue: list[Element] = [element for part in (pattern.core, *pattern.adjuncts) for element in part]
    while queue:
        element = queue.pop()
        if isinstance(element, Words):
            yield element
        elif isinstance(element, Maybe):
            queue += element.elements


def _is_same(other: Placed, one: Placed) -> bool:
    """Tell whether two are one, or one written twice, which is told elsewhere."""
    return other is one or (other.phrase, other.text) == (one.phrase, one.text)


def _keys(one: Placed, english: English) -> Iterator[tuple[object, ...]]:
    """What a pattern and one that covers it have in common: what it fills, its kinds of elements, and a form
    of a word at one position.
    """
    core = one.pattern.core
    kinds = tuple(element.name if isinstance(element, Slot) else type(element) for element in core)
    words = next(element for element in core if isinstance(element, Words))
    for alternative in words.alternatives:
        for form in _forms(alternative, english):
            yield (one.fills, kinds, form)


def _forms(alternative: tuple[tuple[str, ...], bool], english: English) -> Iterator[tuple[str, ...]]:
    """The words of an alternative as they are, and in every inflection if it has them and is one word."""
    words, is_exact = alternative
    yield words
    if not is_exact and len(words) == 1:
        yield from ((form,) for form in sorted(english.inflections(words[0]) - set(words)))


def _covers(other: Placed, one: Placed, english: English) -> bool:
    """Tell whether a pattern reads all that another does, of two equal ones the first."""
    if not _has_all(other.pattern, one.pattern, english):
        return False
    return other.number < one.number or not _has_all(one.pattern, other.pattern, english)


def _has_all(wide: Pattern, narrow: Pattern, english: English) -> bool:
    return _all_cover(wide.core, narrow.core, english) and all(
        any(_all_cover(a, b, english) for a in wide.adjuncts) for b in narrow.adjuncts
    )


def _all_cover(wide: tuple[Element, ...], narrow: tuple[Element, ...], english: English) -> bool:
    return len(wide) == len(narrow) and all(
        _covers_element(a, b, english) for a, b in zip(wide, narrow, strict=True)
    )


def _covers_element(wide: Element, narrow: Element, english: English) -> bool:
    if isinstance(wide, Words) and isinstance(narrow, Words):
        return all(
            any(set(_forms(one, english)) <= set(_forms(other, english)) for other in wide.alternatives)
            for one in narrow.alternatives
        )
    if isinstance(wide, Slot) and isinstance(narrow, Slot):
        same = (wide.name, wide.kind) == (narrow.name, narrow.kind)
        return same and wide.many >= narrow.many and wide.typed <= narrow.typed
    if isinstance(wide, Maybe) and isinstance(narrow, Maybe):
        return _all_cover(wide.elements, narrow.elements, english)
    return False
