"""Verb frames compiled: which verb, and what its subject, objects and prepositional arguments fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ..domain import Domain, Pattern, Phrase, PropertyShape
from ..domain.notation import THIS, Element, Slot, Words
from ..language.clauses import Clauses
from ..language.tags import Tagger, verb_forms
from .compiled import Compiled, Forms, Hole, phrase_book
from .lexis import Lexis, lexis_of


@dataclass(frozen=True, slots=True)
class Role:
    """One argument of a verb: what governs it, the noun that heads it, and what it fills.

    No preposition stands for an object, no noun for any, no hole for what is only wanted to be there;
    ``tail`` is an argument that belongs to the noun ("a member of").
    """

    prepositions: frozenset[str]
    nouns: frozenset[str]
    hole: Hole | None
    tail: Role | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb with its roles: ``subject`` does it, ``roles`` are wanted in this order, ``adjuncts`` are not.

    ``verbs`` are the forms of each verb with the particles after it.
    """

    active: Compiled
    passive: Compiled
    verbs: tuple[tuple[frozenset[str], tuple[str, ...]], ...]
    subject: Role
    roles: tuple[Role, ...]
    adjuncts: tuple[Role, ...]


class FrameBook:
    """All verb frames by the forms of their verbs, and the clauses that they are matched on."""

    def __init__(self, domain: Domain) -> None:
        lexis = lexis_of(domain)
        compiler = _Compiler(domain, lexis, phrase_book(domain).minted)
        self.frames: dict[str, list[Frame]] = {}
        lemmas: set[str] = set(lexis.english.words("verb"))
        lemmas.update(lemma for lemma in lexis.english.verbs if lemma not in _AUXILIARIES)
        for phrase in domain.phrases:
            for pattern in phrase.frames:
                frame, verbs = compiler.frame(phrase, pattern)
                lemmas |= verbs
                for form in sorted({form for forms, _ in frame.verbs for form in forms}):
                    self.frames.setdefault(form, []).append(frame)
        self.clauses = Clauses(Tagger(lexis.english, verb_forms(lexis.english, frozenset(lemmas))))


@lru_cache(maxsize=8)
def frame_book(domain: Domain) -> FrameBook:
    """Return the compiled verb frames of a domain."""
    return FrameBook(domain)


_AUXILIARIES = frozenset({"be", "have", "do"})


@dataclass(frozen=True, slots=True)
class _Compiler:
    domain: Domain
    lexis: Lexis
    minted: frozenset[str]

    def frame(self, phrase: Phrase, pattern: Pattern) -> tuple[Frame, set[str]]:
        """Return a frame and the lemmas of its verbs."""
        subject, words, *after = pattern.core
        assert isinstance(subject, Slot | Words)
        assert isinstance(words, Words)
        personal = self.domain.node_shapes[phrase.fills].target in self.lexis.person_classes
        first = _of_person(self._role(frozenset(), subject, phrase.slots), personal=personal)
        wanted = self._roles(tuple(after), phrase.slots)
        roles = tuple(_of_person(role, personal=personal) for role in wanted)
        adjuncts = tuple(role for part in pattern.adjuncts for role in self._roles(part, phrase.slots))
        english = self.lexis.english
        verbs = tuple(
            (
                english.inflections(alternative[0]) if not exact else frozenset({alternative[0]}),
                alternative[1:],
            )
            for alternative, exact in words.alternatives
        )
        active, passive = (
            self._compiled(phrase, pattern, words, passive=passive) for passive in (False, True)
        )
        lemmas = {alternative[0] for alternative, exact in words.alternatives if not exact} - _AUXILIARIES
        return Frame(active, passive, verbs, first, roles, adjuncts), lemmas

    def _compiled(self, phrase: Phrase, pattern: Pattern, words: Words, *, passive: bool) -> Compiled:
        """What a match by a frame is told by to the code that makes readings of it."""
        target = self.domain.node_shapes[phrase.fills].target
        has_this = pattern.has_this()
        forms = frozenset(alternative[0] for alternative, _ in words.alternatives)
        trigger = Forms(forms, (), True, forms)
        mints = target in self.minted and not has_this
        return Compiled(phrase, target, mints, (), trigger, (), (), False, passive, has_this)

    def _roles(self, elements: tuple[Element, ...], slots: Mapping[str, PropertyShape]) -> Iterator[Role]:
        at = 0
        while at < len(elements):
            element = elements[at]
            prepositions: frozenset[str] = frozenset()
            if isinstance(element, Words) and self._governs(element):
                prepositions = frozenset(words[0] for words, _ in element.alternatives)
                at += 1
                element = elements[at]
            assert isinstance(element, Slot | Words)
            role = self._role(prepositions, element, slots)
            if isinstance(element, Words) and self._has_tail(elements, at):
                tail = self._role(self._prepositions(elements[at + 1]), elements[at + 2], slots)
                role = Role(role.prepositions, role.nouns, role.hole, tail)
                at += 2
            yield role
            at += 1

    def _has_tail(self, elements: tuple[Element, ...], at: int) -> bool:
        following = elements[at + 1] if at + 2 < len(elements) else None
        return isinstance(following, Words) and self._prepositions(following) == {"of"}

    def _prepositions(self, element: Element) -> frozenset[str]:
        assert isinstance(element, Words)
        return frozenset(words[0] for words, _ in element.alternatives)

    def _governs(self, element: Words) -> bool:
        known = self.lexis.english.words("preposition")
        return all(words[0] in known for words, _ in element.alternatives)

    def _role(
        self, prepositions: frozenset[str], element: Element, slots: Mapping[str, PropertyShape]
    ) -> Role:
        if isinstance(element, Words):
            nouns = frozenset(" ".join(words) for words, _ in element.alternatives)
            return Role(prepositions, nouns, None)
        assert isinstance(element, Slot)
        shape = None if element.name == THIS else slots[element.name]
        kind = element.kind or (shape.kind if shape else "node")
        return Role(prepositions, frozenset(), Hole(element.name, shape, element.many, kind, element.typed))


def _of_person(role: Role, *, personal: bool) -> Role:
    """The role of what the rule is about as that of a person."""
    this = role.hole is not None and role.hole.shape is None
    return replace(role, hole=replace(role.hole, personal=personal)) if this and role.hole else role
