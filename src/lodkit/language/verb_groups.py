"""Verb groups: auxiliaries, negators and adverbs with their main verb, and infinitives of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .tags import GROUP, Tag, Tagger

if TYPE_CHECKING:
    from .tokens import Sentence

_INNER = frozenset({Tag.ADVERB, Tag.NEGATOR})
_VERBAL = frozenset({Tag.BE, Tag.HAVE, Tag.DO, Tag.MODAL, Tag.FINITE})


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """Tokens ``first`` to ``last`` with the main verb at ``head``.

    ``passive`` is None where the words leave it open. ``realised`` is false where the verb is only meant:
    "tried to", "would".
    """

    first: int
    last: int
    head: int
    passive: bool | None = False
    negated: bool = False
    realised: bool = True
    copula: bool = False
    ing: bool = False


def later_finite(tags: list[Tag], tagger: Tagger, sentence: Sentence, at: int) -> bool:
    """Tell whether the verb of the clause is still to come: one that nothing joins or subordinates."""
    before = None
    for index in range(at, len(tags)):
        tag = tags[index]
        if tag in (Tag.STOP, Tag.SUBORDINATOR):
            return False
        past = tag is Tag.PAST and (
            before in (Tag.COMMA, Tag.DATE) or sentence.low[index] in tagger.verbs.only_past
        )
        if (tag in _VERBAL or past) and before not in (Tag.COORDINATOR, Tag.RELATIVE):
            return True
        if tag not in _INNER:
            before = tag
    return False


def verb_group(tagger: Tagger, sentence: Sentence, tags: list[Tag], at: int) -> VerbGroup | None:
    """The verb group that begins at a token: auxiliaries, adverbs, infinitives that say what was done."""
    start = at
    while start > 0 and tags[start - 1] in _INNER:
        start -= 1
    reader = _Group(tagger, sentence, tags, at)
    reader.read(start)
    if reader.head < 0:
        return None
    tag = tags[reader.head]
    copula = tag is Tag.BE
    passive = tag is Tag.PAST and reader.be
    ing = sentence.low[reader.first].endswith("ing")
    return VerbGroup(at, reader.end, reader.head, passive, reader.negated, reader.realised, copula, ing)


@dataclass(slots=True)
class _Group:
    tagger: Tagger
    sentence: Sentence
    tags: list[Tag]
    end: int
    head: int = -1
    first: int = -1
    be: bool = False
    negated: bool = False
    realised: bool = True

    def read(self, at: int) -> None:
        """Go over the group from its first token; ``head`` is -1 where it has no verb."""
        for index in range(at, len(self.tags)):
            tag = self.tags[index]
            if tag in _INNER:
                self.negated = self.negated or tag is Tag.NEGATOR
                self._hedge(index)
                continue
            if not self._goes_on(tag, index):
                return
            self._take(index, tag)

    def _hedge(self, index: int) -> None:
        self.realised = self.realised and self.sentence.low[index] not in self.tagger.english.words("hedge")

    def _goes_on(self, tag: Tag, index: int) -> bool:
        if self.head < 0:
            return tag in GROUP or tag in (Tag.BASE, Tag.ING)
        head = self.tags[self.head]
        if tag is Tag.TO:
            return self._governs(self.sentence.low[self.head])
        if tag is Tag.BASE:
            return head in (Tag.MODAL, Tag.TO, Tag.DO) or self._governs(self.sentence.low[self.head])
        if head in (Tag.BE, Tag.HAVE):
            return tag in (Tag.BE, Tag.PAST, Tag.ING)
        return head in (Tag.MODAL, Tag.TO, Tag.DO) and tag in (Tag.BE, Tag.HAVE)

    def _governs(self, word: str) -> bool:
        english = self.tagger.english
        return any(word in english.words(name) for name in ("realised-verb", "hedge-verb", "denying-verb"))

    def _take(self, index: int, tag: Tag) -> None:
        english, word = self.tagger.english, self.sentence.low[index]
        if tag is Tag.TO and self.head >= 0:
            governor = self.sentence.low[self.head]
            self.negated = self.negated or governor in english.words("denying-verb")
            realised = governor in english.words("realised-verb")
            self.realised = self.realised and (realised or governor in english.words("denying-verb"))
            self.be = False
        elif tag is Tag.TO:
            self.realised = False
        elif tag is Tag.MODAL:
            self.realised = self.realised and word not in english.words("hedge-modal")
        self.be = self.be or (tag is Tag.BE)
        if tag is Tag.ING:
            self.be = False
        self.first = index if self.first < 0 else self.first
        self.head, self.end = index, index + 1
