"""Noun phrases: what stands before a noun, which word is the noun, and where the phrase ends. Rules and word
lists, no model; one pass over the tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from ..domain.english import English
    from .tokens import Sentence

Bounds = tuple[int, int]
"""Tokens from the first up to, not including, the second."""

LONGEST = 24
"""The most tokens of a noun phrase."""

_POSSESSIVE = frozenset({"'s", "'", "’"})
_GLUE = frozenset("-–‑/")


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase from its determiner to its head, without what follows the head.

    ``first`` is the first token of all, ``start`` the first after the determiner, ``last`` the one after the
    head.
    ``noun`` are the tokens by which the phrase says what something is: the head with the nouns that belong to
    it. ``modifiers``
    are those before it, from left to right, without commas. ``definite`` is None where there is no
    determiner; ``of_several`` is true after "one of the".
    """

    first: int
    start: int
    last: int
    noun: Bounds
    modifiers: tuple[Bounds, ...] = ()
    definite: bool | None = None
    of_several: bool = False


@dataclass(frozen=True, slots=True)
class NounPhrases:
    """Finds noun phrases by the word lists of a language; ``closed`` are its closed word classes, ``nouns``
    words that are known as nouns.
    """

    english: English
    closed: frozenset[str]
    nouns: Container[str] = ()

    def at(self, sentence: Sentence, at: int) -> NounPhrase | None:
        """Return the noun phrase that begins at a token and has a head in lower case, or None."""
        first, several = at, False
        low = sentence.low
        if low[at : at + 1] and low[at] in self.english.words("one") and low[at + 1 : at + 2] == ["of"]:
            at, several = at + 2, True
        at, definite = self._determiner(low, at)
        if several and at < len(low) and low[at] in self.english.words("number-word"):
            at += 1
        bounds = self._parts(sentence, at)
        while bounds and not self._may_head(sentence, bounds[-1]):
            bounds.pop()
        if not bounds:
            return None
        last = bounds[-1][1]
        noun_first = self._noun(sentence, bounds)
        modifiers = tuple(part for part in bounds if part[1] <= noun_first)
        definite = None if several else definite
        return NounPhrase(first, at, last, (noun_first, last), modifiers, definite, several)

    def _determiner(self, low: list[str], at: int) -> tuple[int, bool | None]:
        if at >= len(low):
            return at, None
        if low[at] in self.english.words("indefinite"):
            return at + 1, False
        if low[at] in self.english.words("determiner"):
            return at + 1, True
        return at, None

    def _parts(self, sentence: Sentence, at: int) -> list[Bounds]:
        """The modifiers and nouns from a token on: words, hyphenated and bracketed forms as one."""
        parts: list[Bounds] = []
        start = at
        while at < len(sentence) and at - start < LONGEST:
            skipped = self._joint(sentence, at, parts)
            if skipped is None:
                break
            end = self._part(sentence, skipped)
            if end == skipped:
                break
            parts.append((skipped, end))
            at = end
        return parts

    def _part(self, sentence: Sentence, at: int) -> int:
        """Return the token after the word that begins at a token; the token itself where the phrase ends."""
        words, low = sentence.words, sentence.low
        if at >= len(words) or not words[at][0].isalnum() or self._is_closed(low[at]):
            return at
        end = at + 1
        while end + 1 < len(words) and words[end] in _GLUE and self._glued(sentence, end):
            end += 2
        end = self._numbered_bracket(sentence, end) if words[at][0].isdigit() else end
        if not self._goes_on(sentence, at, end):
            return at
        if end < len(words) and words[end] in _POSSESSIVE and self._is_content(sentence, end + 1):
            end += 1
        return end

    def _glued(self, sentence: Sentence, at: int) -> bool:
        return sentence.ends[at - 1] == sentence.starts[at] and sentence.ends[at] == sentence.starts[at + 1]

    def _numbered_bracket(self, sentence: Sentence, at: int) -> int:
        """Pass over brackets that belong to a number: 501(c)(3)."""
        words = sentence.words
        while (
            at + 2 < len(words)
            and words[at] == "("
            and words[at + 2] == ")"
            and sentence.starts[at] == sentence.ends[at - 1]
        ):
            at += 3
        return at

    def _goes_on(self, sentence: Sentence, at: int, end: int) -> bool:
        """Tell whether a word that may be an adverb, a participle or a number stands before a noun still."""
        low = sentence.low[at]
        verbal = (
            low.endswith(("ed", "ing"))
            or low in self.english.past_forms
            or low in self.english.words("unchanged-participle")
            or low in self.english.words("adverb")
            or (low.endswith("ly") and not self._is_no_adverb(low))
        )
        if verbal and not self._is_noun(low):
            return self._is_content(sentence, end)
        if low[0].isdigit():
            return self._is_content(sentence, end)
        return True

    def _is_closed(self, low: str) -> bool:
        """Some words that open a sentence ("first, …") stand before nouns too."""
        return low in self.closed and low not in self.english.words("ordinal")

    def _is_no_adverb(self, low: str) -> bool:
        """Tell whether a word that ends like an adverb is an adjective or a noun: "lively", "family"."""
        return low in self.english.words("adjective") or self._is_noun(low)

    def _is_noun(self, low: str) -> bool:
        return low in self.nouns or low in self.english.words("noun-like-verb")

    def _is_content(self, sentence: Sentence, at: int) -> bool:
        """Tell whether a word of an open class stands at a token, and no adverb."""
        if at >= len(sentence):
            return False
        low = sentence.low[at]
        return (
            low[0].isalpha()
            and low not in self.closed
            and low not in self.english.words("adverb")
            and not (low.endswith("ly") and len(low) > 4 and not self._is_no_adverb(low))
        )

    def _joint(self, sentence: Sentence, at: int, parts: list[Bounds]) -> int | None:
        """Return where the next word of the phrase begins, after a comma or "and" between two adjectives."""
        low = sentence.low
        after = at
        if parts and low[at] == ",":
            after += 1
        if parts and after < len(low) and low[after] in self.english.words("adjective-joint"):
            after += 1
        if after == at:
            return at
        contrasts = low[after - 1] in self.english.words("contrast")
        between = (contrasts or self.is_adjective(sentence, parts[-1])) and self._is_content(sentence, after)
        end = self._part(sentence, after) if between else after
        goes_on = self._is_content(sentence, end) or low[end : end + 1] == [","]
        follows = end > after and (contrasts or self.is_adjective(sentence, (after, end))) and goes_on
        return after if between and (follows or self._heads_comma_list(sentence, after, end)) else None

    def _heads_comma_list(self, sentence: Sentence, after: int, end: int) -> bool:
        """ "small, left-wing party" ends its list of adjectives before a noun; "a large, Norlandic bank"."""
        return end > after and sentence.words[after][0].isupper() and self._is_content(sentence, end)

    def is_adjective(self, sentence: Sentence, part: Bounds) -> bool:
        """Tell whether a word is, or looks like, an adjective."""
        low = sentence.low[part[1] - 1]
        if part[1] - part[0] > 1 or "-" in low or "–" in low:
            return True
        return (
            low in self.english.words("adjective")
            or low in self.english.past_forms
            or low.endswith(tuple(self.english.words("adjective-ending")))
        )

    def _may_head(self, sentence: Sentence, part: Bounds) -> bool:
        """A head is a word in lower case that is no adjective by its looks, nor an adverb or a number."""
        word, low = sentence.words[part[1] - 1], sentence.low[part[1] - 1]
        if word in _POSSESSIVE or not word[0].islower():
            return False
        return low not in self.english.words("adjective") and low not in self.english.words("adverb")

    def _noun(self, sentence: Sentence, parts: list[Bounds]) -> int:
        """Return where the head with the nouns that belong to it begins: not an adjective, number or name."""
        first = parts[-1][0]
        for part in reversed(parts[:-1]):
            word = sentence.words[part[0]]
            if not word[0].islower() or self._describes(sentence, part):
                break
            first = part[0]
        return first

    def _describes(self, sentence: Sentence, part: Bounds) -> bool:
        """Tell whether a modifier says how something is rather than of what kind."""
        low = sentence.low[part[1] - 1]
        if low in _POSSESSIVE:
            return False
        return (
            low in self.english.words("adjective")
            or low in self.english.words("rank")
            or low.endswith(("ed", "ly", "est"))
        )
