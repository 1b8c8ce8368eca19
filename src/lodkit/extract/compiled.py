"""Phrases compiled to sets of word forms, and indexed by the word that triggers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..domain import Domain, Pattern, Phrase, PropertyShape, kept_with
from ..domain.notation import THIS, Element, Maybe, Slot, Words
from ..domain.rows import RowMapping
from .lexis import Lexis, lexis_of


@dataclass(frozen=True, slots=True)
class Forms:
    """One position: forms of one word, and alternatives of several; ``verb`` marks a position that a verb
    group may precede.
    """

    single: frozenset[str]
    several: tuple[tuple[frozenset[str], ...], ...]
    verb: bool
    lemmas: frozenset[str]
    first: frozenset[str] = field(init=False, repr=False)
    last: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "first", self.single.union(*(alternative[0] for alternative in self.several))
        )
        object.__setattr__(
            self, "last", self.single.union(*(alternative[-1] for alternative in self.several))
        )


@dataclass(frozen=True, slots=True)
class Hole:
    """A slot with the property shape that it fills; ``shape`` is None for ``{this}``, which is ``personal``
    where that is a person.
    """

    name: str
    shape: PropertyShape | None
    many: bool
    kind: str
    typed: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """Parts that may be absent."""

    parts: tuple[Part, ...]


Part = Forms | Hole | Option

Place = tuple[int, int, int]
"""The numbers of a phrase, of its pattern, and of the variant of that."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to match: what stands left and right of its trigger, and its adjuncts.

    ``nominal`` patterns are noun phrases, run first; ``reduced`` ones are passives without their form of
    "be".
    """

    phrase: Phrase
    target: str
    mints: bool
    left: tuple[Part, ...]
    trigger: Forms
    right: tuple[Part, ...]
    adjuncts: tuple[tuple[Part, ...], ...]
    nominal: bool
    reduced: bool
    has_this: bool
    needed: tuple[frozenset[str], ...] = ()
    """For each position of the core that may not be absent the words that one of stands there."""


class PhraseBook:
    """All phrases by trigger word; which patterns a word triggers is kept with the domain, and a pattern
    compiled when its word is met.
    """

    def __init__(self, domain: Domain) -> None:
        self.lexis: Lexis = lexis_of(domain)
        self._domain = domain
        self._compiled: dict[tuple[int, int], tuple[Compiled, ...]] = {}
        index = kept_with(domain, "phrases", self._index)
        self.minted: frozenset[str] = frozenset(index["minted"])
        self.nominal: Mapping[str, list[Compiled]] = RowMapping(index["nominal"], self._at)
        self.clausal: Mapping[str, list[Compiled]] = RowMapping(index["clausal"], self._at)
        self.verbs = frozenset(self.clausal)
        self.frame_verbs = frozenset(self._frame_verbs())
        self.finite = self.lexis.finite.union(index["finite"])

    def _frame_verbs(self) -> Iterator[str]:
        """Forms of the verbs of frames that are no nouns in the singular: "weaves", "wove"."""
        for phrase in self._domain.phrases:
            for verb in (pattern.core[1] for pattern in phrase.frames):
                for words, exact in (
                    verb.alternatives if isinstance(verb, Words) and not phrase.unused else ()
                ):
                    forms = () if exact else self.lexis.english.inflections(words[0])
                    yield from (form for form in forms if form != words[0] and not form.endswith("ing"))

    def is_finite(self, word: str) -> bool:
        """Tell whether a lower-case word is likely a verb, so that its subject stands before it."""
        return word in self.finite or word.endswith("ed")

    def _minted(self) -> list[str]:
        domain = self._domain
        return [cls for cls in domain.classes if any(key in domain.minted for key in domain.ancestors[cls])]

    def _index(self) -> dict[str, Any]:
        """Each trigger word with the numbers of phrase, pattern and variant, and the forms of all verbs."""
        self.minted = frozenset(self._minted())
        found: dict[str, dict[str, list[Place]]] = {"nominal": {}, "clausal": {}}
        finite: set[str] = set()
        for number, phrase in enumerate(self._domain.phrases):
            for at in range(len(phrase.patterns)):
                for variant, compiled in enumerate(self._pattern(number, at)):
                    index = found["nominal" if compiled.nominal else "clausal"]
                    for form in compiled.trigger.first:
                        index.setdefault(form, []).append((number, at, variant))
                    if compiled.trigger.verb and not compiled.nominal:
                        finite |= compiled.trigger.first
        return {**found, "finite": sorted(finite), "minted": sorted(self.minted)}

    def _at(self, places: Sequence[Place]) -> list[Compiled]:
        return [self._pattern(number, at)[variant] for number, at, variant in places]

    def _pattern(self, number: int, at: int) -> tuple[Compiled, ...]:
        known = self._compiled.get((number, at))
        if known is None:
            phrase = self._domain.phrases[number]
            made = _compile(self._domain, phrase, phrase.patterns[at], self.lexis, self.minted)
            known = self._compiled[number, at] = tuple(made)
        return known


@lru_cache(maxsize=8)
def phrase_book(domain: Domain) -> PhraseBook:
    """Return the compiled phrases of a domain."""
    return PhraseBook(domain)


def _compile(
    domain: Domain, phrase: Phrase, pattern: Pattern, lexis: Lexis, minted: frozenset[str]
) -> Iterator[Compiled]:
    target = domain.node_shapes[phrase.fills].target
    core = tuple(_part(element, phrase.slots, lexis) for element in pattern.core)
    adjuncts = tuple(
        tuple(_part(element, phrase.slots, lexis) for element in adjunct) for adjunct in pattern.adjuncts
    )
    mints = target in minted and not pattern.has_this()
    as_written = (
        "clausal" if any(isinstance(part, Forms) and part.verb for part in _flat(core)) else "nominal"
    )
    for variant, kind in ((core, as_written), *_variants(core)):
        at = _trigger(variant, lexis)
        trigger = variant[at]
        assert isinstance(trigger, Forms)
        yield Compiled(
            phrase,
            target,
            mints,
            variant[:at],
            trigger,
            variant[at + 1 :],
            adjuncts,
            kind == "nominal",
            kind == "reduced",
            pattern.has_this(),
            tuple(part.first for part in variant if isinstance(part, Forms) and _is_told(part, trigger)),
        )


def _is_told(part: Forms, trigger: Forms) -> bool:
    """Tell whether a position tells by its words that a pattern cannot match; a possessive may be a
    pronoun.
    """
    return part is not trigger and "'s" not in part.lemmas


def _variants(core: tuple[Part, ...]) -> Iterator[tuple[tuple[Part, ...], str]]:
    """What English makes of a pattern by itself.

    ``{this} be founded …`` is also ``{this} founded …``, and ``{this} be [the] =brother of …`` also ``{this}
    (brother of …`` and
    ``{this}, the brother of …``.
    """
    if (
        len(core) < 3
        or not isinstance(core[0], Hole)
        or not isinstance(core[1], Forms)
        or core[1].lemmas != {"be"}
    ):
        return
    after = core[2:]
    noun = next((part for part in after if isinstance(part, Forms)), None)
    if isinstance(after[0], Forms):
        yield (core[0], *after), "reduced"
    if (
        noun is not None
        and not any(isinstance(part, Forms) and part.verb for part in _flat(after))
        and core[0].shape is None
        and not any(isinstance(part, Hole) for part in after[: after.index(noun)])
    ):
        for mark in ("(", ","):
            yield (core[0], Forms(frozenset({mark}), (), False, frozenset({mark})), *after), "nominal"


def _flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Option):
            yield from _flat(part.parts)


def _part(element: Element, slots: Mapping[str, PropertyShape], lexis: Lexis) -> Part:
    if isinstance(element, Maybe):
        return Option(tuple(_part(inner, slots, lexis) for inner in element.elements))
    if isinstance(element, Slot):
        shape = None if element.name == THIS else slots[element.name]
        return Hole(
            element.name,
            shape,
            element.many,
            element.kind or (shape.kind if shape else "node"),
            element.typed,
        )
    return _forms(element, lexis)


@lru_cache(maxsize=4096)
def _forms(words: Words, lexis: Lexis) -> Forms:
    alternatives, lemmas, verb = [], set(), False
    for alternative, exact in words.alternatives:
        plain = not exact and alternative[0][0].isalpha()
        grows = plain and (alternative[0] not in lexis.closed or alternative[0] in ("be", "have"))
        verb = verb or grows
        lemmas.add(alternative[0])
        first = lexis.english.inflections(alternative[0]) if grows else lexis.same(alternative[0])
        alternatives.append((first, *(frozenset({word.lower()}) for word in alternative[1:])))
    single = frozenset().union(*(alternative[0] for alternative in alternatives if len(alternative) == 1))
    several = sorted(
        (alternative for alternative in alternatives if len(alternative) > 1), key=len, reverse=True
    )
    return Forms(single, tuple(several), verb, frozenset(lemmas))


def _trigger(core: tuple[Part, ...], lexis: Lexis) -> int:
    """The first position with a word that is not a closed-class one; else the first position with a word."""
    words = [i for i, part in enumerate(core) if isinstance(part, Forms)]
    for i in words:
        part = core[i]
        assert isinstance(part, Forms)
        if (
            any(lemma[0].isalpha() for lemma in part.lemmas)
            and not part.lemmas <= {"be", "have"}
            and not all(lemma in lexis.closed for lemma in part.lemmas)
        ):
            return i
    if not words:
        raise ValueError("a pattern needs a word outside brackets")
    return words[0]
