"""Rules that never add anything, because another one reads all that they read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.lexicon import CORE
from ..domain.notation import Element, Maybe, Pattern, Slot, Words
from .model import error_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain import Domain
    from ..errors import DomainError
    from .model import Checked

MOST_COMPARED = 100
"""With how many patterns of the same beginning one is compared."""


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
    placed = list(_placed(checked.domain))
    index: dict[tuple[object, ...], list[Placed]] = defaultdict(list)
    for one in placed:
        for key in _keys(one):
            index[key].append(one)
    for one in placed:
        key = next(iter(_keys(one)))
        other = next(
            (other for other in index[key][:MOST_COMPARED] if other is not one and _covers(other, one)), None
        )
        if other is not None:
            yield _error(checked, one, other)


def _error(checked: Checked, one: Placed, other: Placed) -> DomainError:
    whose = "" if other.phrase == one.phrase else f" of {checked.compact(other.phrase)}"
    message = f"pattern {one.text!r} adds nothing to {other.text!r}{whose}, which reads all that it reads"
    hint = "take it out, or make it say more"
    for written in checked.written:
        found = (
            mention
            for mention in written.blocks.get(one.phrase, ())
            if mention.predicate == CORE + "pattern" and mention.text[1:-1] == one.text
        )
        for mention in found:
            return error_at(message, written, mention, checked.compact(one.phrase), hint)
    return checked.error(message, one.phrase, hint=hint)


def _placed(domain: Domain) -> Iterator[Placed]:
    number = 0
    for phrase in domain.phrases:
        texts = domain.graph.texts(phrase.iri, CORE + "pattern")
        for text, pattern in zip(texts, phrase.patterns, strict=True):
            yield Placed(phrase.iri, phrase.fills, number, text, pattern)
            number += 1


def _keys(one: Placed) -> Iterator[tuple[object, ...]]:
    """What a pattern and one that covers it have in common: what it fills, its kinds of elements, and a word
    at one position.
    """
    core = one.pattern.core
    kinds = tuple(element.name if isinstance(element, Slot) else type(element) for element in core)
    words = next(element for element in core if isinstance(element, Words))
    for alternative, _ in words.alternatives:
        yield (one.fills, kinds, alternative)


def _covers(other: Placed, one: Placed) -> bool:
    """Tell whether a pattern reads all that another does, of two equal ones the first."""
    wide, narrow = other.pattern, one.pattern
    if not _all_cover(wide.core, narrow.core):
        return False
    if not all(any(_all_cover(a, b) for a in wide.adjuncts) for b in narrow.adjuncts):
        return False
    return other.number < one.number or not _is_covered_back(wide, narrow)


def _is_covered_back(wide: Pattern, narrow: Pattern) -> bool:
    return _all_cover(narrow.core, wide.core) and all(
        any(_all_cover(a, b) for a in narrow.adjuncts) for b in wide.adjuncts
    )


def _all_cover(wide: tuple[Element, ...], narrow: tuple[Element, ...]) -> bool:
    return len(wide) == len(narrow) and all(_covers_element(a, b) for a, b in zip(wide, narrow, strict=True))


def _covers_element(wide: Element, narrow: Element) -> bool:
    if isinstance(wide, Words) and isinstance(narrow, Words):
        return all(_has(wide, words, is_exact) for words, is_exact in narrow.alternatives)
    if isinstance(wide, Slot) and isinstance(narrow, Slot):
        same = (wide.name, wide.kind) == (narrow.name, narrow.kind)
        return same and wide.many >= narrow.many and wide.typed <= narrow.typed
    if isinstance(wide, Maybe) and isinstance(narrow, Maybe):
        return _all_cover(wide.elements, narrow.elements)
    return False


def _has(wide: Words, words: tuple[str, ...], is_exact: bool) -> bool:
    """Tell whether words are among others; those in any inflection have each single form."""
    return (words, False) in wide.alternatives or (is_exact and (words, True) in wide.alternatives)
