"""Word classes of the tokens of a sentence, by word lists and by what stands beside a word; one pass over the
tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..domain.english import English
    from .tokens import Sentence

Bounds = tuple[int, int]
"""Tokens from the first up to, not including, the second."""


class Tag(StrEnum):
    """What a token does in its sentence."""

    __hash__ = str.__hash__  # that of an enumeration is no built-in one, and tags are looked up all the time

    NAME = "N"
    DATE = "Y"
    OPEN = "A"  # a noun, an adjective, a number
    DETERMINER = "D"
    PRONOUN = "O"
    POSSESSIVE = "'"
    FINITE = "V"
    PAST = "P"  # a past tense or a participle
    ING = "G"
    GERUND = "K"
    BE = "B"
    HAVE = "H"
    DO = "X"
    MODAL = "M"
    TO = "T"  # before an infinitive
    BASE = "F"  # an infinitive
    PREPOSITION = "I"
    RELATIVE = "R"
    WHOSE = "W"
    SUBORDINATOR = "S"
    COORDINATOR = "C"
    ADVERB = "J"
    NEGATOR = "Z"
    COMMA = ","
    STOP = ";"
    OPENING = "("
    CLOSING = ")"


NOMINAL = frozenset({Tag.NAME, Tag.OPEN, Tag.PRONOUN, Tag.CLOSING, Tag.DATE})
GROUP = frozenset({Tag.BE, Tag.HAVE, Tag.DO, Tag.MODAL, Tag.FINITE, Tag.PAST, Tag.TO})
_PASSED = frozenset({Tag.ADVERB, Tag.NEGATOR})
_OPENERS = frozenset({Tag.COMMA, Tag.COORDINATOR, Tag.STOP, Tag.SUBORDINATOR, Tag.RELATIVE})
_SUBJECTS = frozenset({Tag.DETERMINER, Tag.NAME, Tag.PRONOUN})
_CLOSE = frozenset({Tag.STOP, Tag.SUBORDINATOR, Tag.RELATIVE, Tag.WHOSE})
_VERBAL = GROUP | {Tag.ING, Tag.GERUND}
_STOPS = frozenset(";:.!?—–")
_QUOTES = frozenset("\"“”'‘’«»")


@dataclass(frozen=True, slots=True)
class VerbForms:
    """Forms of known verbs in lower case, by what they are; some forms are in several sets."""

    base: frozenset[str]
    third: frozenset[str]
    past: frozenset[str]
    ing: frozenset[str]
    only_past: frozenset[str] = frozenset()
    only_participle: frozenset[str] = frozenset()

    def all(self) -> frozenset[str]:
        """Return every form."""
        return self.base | self.third | self.past | self.ing


def verb_forms(english: English, lemmas: frozenset[str]) -> VerbForms:
    """Return the forms of verbs, and which irregular ones are a past tense or a participle alone."""
    base = set(lemmas)
    third: set[str] = set()
    past: set[str] = set()
    ing: set[str] = set()
    only_past: set[str] = set()
    only_participle: set[str] = set()
    for lemma in lemmas:
        forms = [form for form in english.inflections(lemma) if form != lemma]
        ing.update(form for form in forms if form.endswith("ing"))
        third.update(form for form in forms if form.endswith("s") and form[:-1].startswith(lemma[:-1]))
        past.update(form for form in forms if not form.endswith(("ing", "s")))
        listed = [form for form in english.verbs.get(lemma, ()) if not form.endswith(("ing", "s"))]
        if len(listed) == 2:
            only_past.add(listed[0])
            only_participle.add(listed[1])
        if lemma in english.words("unchanged-participle"):
            past.add(lemma)
    only_past -= base
    only_participle -= base
    parts = (base, third, past, ing, only_past, only_participle)
    return VerbForms(*(frozenset(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Tagger:
    """Gives each token its word class, by the word lists of a language and its known verbs."""

    english: English
    verbs: VerbForms
    closed: Mapping[str, Tag] = field(init=False, repr=False)
    phrase_words: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "closed", _closed(self.english))
        words = " ".join(self.english.words("negating-phrase")).split()
        object.__setattr__(self, "phrase_words", frozenset(words))

    def tags(self, sentence: Sentence, given: Sequence[tuple[int, int, Tag]]) -> list[Tag]:
        """Return the tag of each token; ``given`` are names and dates that were found before."""
        run = _Run(self, sentence, [None] * len(sentence))
        for first, last, tag in given:
            run.found[first:last] = [tag] * (last - first)
        for at in range(len(sentence)):
            tag = run.found[at] or run.tag(at)
            run.found[at] = tag
            run.note(at, tag)
        return [tag or Tag.OPEN for tag in run.found]


def _closed(english: English) -> dict[str, Tag]:
    lists = (
        ("preposition", Tag.PREPOSITION),
        ("determiner", Tag.DETERMINER),
        ("coordinator", Tag.COORDINATOR),
        ("subordinator", Tag.SUBORDINATOR),
        ("relative", Tag.RELATIVE),
        ("pronoun-thing", Tag.PRONOUN),
        ("pronoun-person", Tag.PRONOUN),
        ("pronoun-many", Tag.PRONOUN),
        ("possessive-thing", Tag.DETERMINER),
        ("possessive-person", Tag.DETERMINER),
        ("possessive-many", Tag.DETERMINER),
        ("adverb", Tag.ADVERB),
        ("negator", Tag.NEGATOR),
        ("modal", Tag.MODAL),
        ("auxiliary", Tag.DO),
        ("have", Tag.HAVE),
        ("be", Tag.BE),
    )
    found: dict[str, Tag] = {}
    for name, tag in lists:
        found |= dict.fromkeys(english.words(name), tag)
    found |= dict.fromkeys(english.words("relative"), Tag.RELATIVE)
    found |= dict.fromkeys(english.words("negative-determiner"), Tag.DETERMINER)
    found |= dict.fromkeys(english.words("whose"), Tag.WHOSE)
    found |= dict.fromkeys(english.words("place-adverb"), Tag.ADVERB)
    return found


@dataclass(slots=True)
class _Run:
    """One pass over a sentence: the tags so far, the last one that counts, and whether a verb was met."""

    tagger: Tagger
    sentence: Sentence
    found: list[Tag | None]
    before: Tag | None = None
    word: str = ""
    finite: bool = False
    third: bool = False
    infinitive: bool = False
    ing: Tag | None = None
    prior: Tag | None = None

    def note(self, at: int, tag: Tag) -> None:
        """Remember what the next word stands after."""
        if tag in _PASSED:
            return
        if tag in _CLOSE or (tag in _SUBJECTS and self.before in _OPENERS):
            self.finite = False
        if tag in _VERBAL:
            self._note_verb(at, tag)
        elif tag in _CLOSE:
            self.infinitive = False
        self.prior = self.before
        self.before, self.word = tag, self.sentence.low[at]

    def _note_verb(self, at: int, tag: Tag) -> None:
        """Remember what a verb says of those that are joined to it."""
        if tag in (Tag.FINITE, Tag.PAST, Tag.BE):
            self.infinitive = False
        if tag in (Tag.ING, Tag.GERUND, Tag.FINITE, Tag.PAST, Tag.BE):
            self.ing = tag if tag in (Tag.ING, Tag.GERUND) else None
        if tag in (Tag.TO, Tag.MODAL):
            self.infinitive = True
        if tag in GROUP and tag is not Tag.TO:
            self.finite = True
            self._note_person(tag, self.sentence.low[at])

    def _note_person(self, tag: Tag, word: str) -> None:
        """Remember whether the verb is in the third person singular, as those that "and" joins to it are."""
        auxiliary = tag in (Tag.BE, Tag.HAVE, Tag.DO)
        if auxiliary or tag is Tag.FINITE or self.before not in (Tag.BE, Tag.HAVE):
            third = word in self.tagger.verbs.third or word in self.tagger.english.words("third-person")
            self.third = third

    def tag(self, at: int) -> Tag:
        """Return the tag of a token that is in no name."""
        word = self.sentence.low[at]
        sign = self._sign(word)
        if sign is not None:
            return sign
        known = self.tagger.closed.get(word)
        following = self.sentence.low[at + 1 : at + 2]
        if at == 0 and following == [","] and word in self.tagger.english.words("opener"):
            return Tag.ADVERB
        if word in self.tagger.phrase_words and self._in_phrase(at, "negating-phrase"):
            return Tag.NEGATOR
        if known is not None:
            return self._of_closed(at, known)
        if word.endswith("n't"):
            return Tag.NEGATOR
        if word[0].isdigit():
            return Tag.OPEN
        verb = self._verb(at, word)
        if verb is not None:
            return verb
        return Tag.ADVERB if self._is_adverb(word) else Tag.OPEN

    def _in_phrase(self, at: int, name: str) -> bool:
        """Tell whether a token is the first or the second word of a phrase of a list."""
        low = self.sentence.low
        phrases = self.tagger.english.words(name)
        return " ".join(low[at : at + 2]) in phrases or (at > 0 and " ".join(low[at - 1 : at + 1]) in phrases)

    def _sign(self, word: str) -> Tag | None:
        if word == ",":
            return Tag.COMMA
        if word in ("(", "["):
            return Tag.OPENING
        if word in (")", "]"):
            return Tag.CLOSING
        if word == "'s" or (word == "'" and self.word.endswith("s") and self.before in NOMINAL):
            return Tag.POSSESSIVE
        if word in _QUOTES:
            return Tag.ADVERB
        return Tag.STOP if word in _STOPS else None

    def _is_adverb(self, word: str) -> bool:
        if not (word.endswith("ly") and len(word) > 4):
            return False
        english = self.tagger.english
        return word not in english.words("adjective") and word not in english.words("noun-like-verb")

    def _of_closed(self, at: int, known: Tag) -> Tag:
        low = self.sentence.low
        following = low[at + 1] if at + 1 < len(low) else ""
        if low[at] in self.tagger.english.words("infinitive-marker"):
            return Tag.TO if self._infinitive_at(at + 1) else Tag.PREPOSITION
        if known is Tag.RELATIVE and low[at] in self.tagger.english.words("complementizer"):
            if self.before not in (Tag.OPEN, Tag.NAME, Tag.CLOSING):
                return Tag.DETERMINER if self.before in (Tag.PREPOSITION, None) else Tag.SUBORDINATOR
            return Tag.RELATIVE
        if low[at] in self.tagger.english.words("pronoun-or-possessive"):
            bare = not following or following in self.tagger.closed or not following[0].isalpha()
            return Tag.PRONOUN if bare else Tag.DETERMINER
        return known

    def _infinitive_at(self, at: int) -> bool:
        low = self.sentence.low
        while at < len(low) and self._is_adverb(low[at]):
            at += 1
        return at < len(low) and self.found[at] is None and low[at] in self.tagger.verbs.base | _BE_HAVE

    # ---- verbs

    def _verb(self, at: int, word: str) -> Tag | None:
        verbs, english = self.tagger.verbs, self.tagger.english
        if word in verbs.base and self._after_auxiliary(at):
            return Tag.BASE
        if word in verbs.ing or (word.endswith("ing") and len(word) > 5 and "-" not in word):
            return None if word in english.words("noun-like-verb") and not self._in_group() else self._ing(at)
        if word in verbs.past or (word.endswith("ed") and len(word) > 4 and "-" not in word):
            return self._past(at, word)
        if word in verbs.third and self._may_be_finite(at):
            return Tag.FINITE
        if word in verbs.base and self._may_be_plural(at):
            return Tag.FINITE
        return None

    def _after_auxiliary(self, at: int) -> bool:
        """Tell whether an infinitive stands at a token: "may join", "helped create", "to teach and train"."""
        if self.before in (Tag.MODAL, Tag.TO, Tag.DO):
            return True
        helped = self.before in (Tag.PAST, Tag.FINITE) and self.word in self.tagger.english.words("help")
        joined = self.before in (Tag.COORDINATOR, Tag.COMMA) and self.infinitive
        return helped or (joined and self._goes_on(at + 1))

    def _in_group(self) -> bool:
        return self.before in (Tag.BE, Tag.HAVE)

    def _ing(self, at: int) -> Tag | None:
        if self._in_group():
            return Tag.ING
        if self.before in (Tag.DETERMINER, Tag.POSSESSIVE):
            return None
        if self.before in (Tag.PREPOSITION, Tag.FINITE, Tag.PAST, Tag.BASE):
            return Tag.GERUND
        if self.before is Tag.COORDINATOR:
            return self.ing
        if self.before in (Tag.COMMA, Tag.NAME, Tag.CLOSING, None):
            return Tag.ING
        return Tag.ING if self.before is Tag.OPEN and self._goes_on(at + 1) else None

    def _goes_on(self, at: int) -> bool:
        """Tell whether an object or an adjunct begins at a token rather than another noun."""
        low = self.sentence.low
        if at >= len(low):
            return False
        closed = self.tagger.closed.get(low[at])
        named = self.found[at] is not None
        return named or closed in (Tag.PREPOSITION, Tag.DETERMINER, Tag.PRONOUN, Tag.ADVERB)

    def _past(self, at: int, word: str) -> Tag | None:
        after_verb = self.before in (Tag.FINITE, Tag.PAST, Tag.ING, Tag.BASE, Tag.GERUND)
        modifies = self.before in (Tag.DETERMINER, Tag.POSSESSIVE, Tag.PREPOSITION)
        modifies = modifies or (after_verb and self._is_open(at + 1))
        return None if modifies and word not in self.tagger.verbs.only_past else Tag.PAST

    def _is_open(self, at: int) -> bool:
        """Tell whether a word of an open class stands at a token."""
        low = self.sentence.low
        return (
            at < len(low)
            and self.found[at] is None
            and low[at][0].isalpha()
            and low[at] not in self.tagger.closed
        )

    def _may_be_finite(self, at: int) -> bool:
        """Tell whether a form like "runs" is a verb here: after a subject, or joined to another one."""
        low = self.sentence.low
        following = low[at + 1] if at + 1 < len(low) else ""
        closed = self.tagger.closed.get(following)
        if closed in (Tag.BE, Tag.HAVE, Tag.MODAL) or following in self.tagger.english.words("genitive"):
            return False
        if self.before in (Tag.PRONOUN, Tag.RELATIVE):
            return True
        if self.before in (Tag.COMMA, Tag.COORDINATOR):
            ends = closed is Tag.COORDINATOR or following in (",", ".", ";", "")
            if self.prior is Tag.FINITE:
                return True  # "develops, sells and maintains"
            if closed is Tag.COORDINATOR and at + 2 < len(low) and low[at + 2] in self.tagger.verbs.third:
                return True  # "monitors and challenges laws"
            return not ends if self.before is Tag.COMMA else self.third or not self.finite
        return self.before in NOMINAL and not self.finite

    def _may_be_plural(self, at: int) -> bool:
        if self.before is Tag.RELATIVE or (self.before is Tag.PRONOUN and self.word in _many(self)):
            return True
        plural = self.before in (Tag.OPEN, Tag.COMMA) and self.word.endswith(("s", ",")) and not self.finite
        joined = self.before is Tag.COORDINATOR and self.finite and not self.third
        return (plural or joined) and self._goes_on(at + 1)


_BE_HAVE = frozenset({"be", "have"})


def _many(run: _Run) -> frozenset[str]:
    return run.tagger.english.words("pronoun-many")
