"""Names in a sentence, found without a model: capitalised spans, their connectors, titles before them,
abbreviations after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..domain import Domain
from ..language.tokens import Sentence
from .lexis import Lexis

_MIDDLE_CAPITAL = re.compile(r"(?<=[a-z,;)] )[^\W\d_]*[A-ZÀ-ÖØ-Þ][\w'’-]*")
_ORDINAL = re.compile(r"[0-9]{1,3}(?:st|nd|rd|th)")
_NUMBER = re.compile(r"[0-9]{1,3}")
_OPENING = frozenset("\"'“‘«([—–:-")
MAX_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Name:
    """Token bounds of a name: ``first`` to ``last`` (exclusive) is the name, ``outer`` its first title or
    determiner.
    """

    first: int
    last: int
    outer: int
    titled: bool = False


class NameFinder:
    """Finds names in the sentences of one article; ``known`` maps the first word of known names to their word
    lists by length, the longest first.
    """

    def __init__(self, domain: Domain, lexis: Lexis, text: str, verbs: frozenset[str] = frozenset()) -> None:
        self.verbs = verbs
        self.text = text
        self.lexis = lexis
        self.gazetteer = domain.gazetteer
        self.english = lexis.english
        self.capitals = frozenset(match.group() for match in _MIDDLE_CAPITAL.finditer(text))
        self.known: dict[str, dict[int, set[tuple[str, ...]]]] = {}
        self.connectors = self.english.words("name-connector")
        self.articles = self.english.words("name-article")
        self.joints = self.english.words("name-joint") | self.lexis.joints
        self.genitives = self.english.words("genitive")
        self.purposes = self.english.words("infinitive-marker")
        self.plain = self.english.months.keys() | self.english.words("weekday") | {"i"}
        self.suffixes = self.english.words("name-suffix")
        self.possessives = self.english.words("possessive-in-name")

    def learn(self, words: Iterable[str]) -> None:
        """Add a known name, as its tokens."""
        name = tuple(words)
        names = self.known.setdefault(name[0], {})
        if len(name) in names:
            names[len(name)].add(name)
        else:
            self.known[name[0]] = dict(
                sorted([*names.items(), (len(name), {name})], key=lambda item: -item[0])
            )

    def find(self, sentence: Sentence, taken: Mapping[int, int]) -> Iterator[Name]:
        """Yield the names from left to right; ``taken`` maps the first token of a date to its end."""
        index = 0
        while index < len(sentence):
            if index in taken:
                index = taken[index]
                continue
            word = sentence.words[index]
            may_be = word[0].isupper() or word in self.known or self._is_numbered(sentence, index)
            name = self._at(sentence, index, taken) if may_be else None
            if name is None:
                index += 1
            else:
                yield name
                index = name.last

    def _at(self, sentence: Sentence, index: int, taken: Mapping[int, int]) -> Name | None:
        known = self._known_end(sentence, index)
        if known is None and not self._may_start(sentence, index):
            return None
        start = known or index + 1
        last = self._extend(sentence, index, start, taken, stop_at_title=known is not None)
        plain = (
            last < len(sentence)
            and sentence.words[last][0].islower()
            and sentence.low[last] not in self.lexis.closed
        )
        if known is None and last - index > 1 and plain and self._is_adjective(sentence, last - 1):
            last -= 1
        first = self._strip(sentence, index, last) if known is None else index
        if first is None or self._is_class_noun(sentence, first, last):
            return None
        outer = index
        if outer > 0 and sentence.low[outer - 1] in self.lexis.the:
            outer -= 1
        return Name(first, last, outer, first != index)

    def _is_class_noun(self, sentence: Sentence, first: int, last: int) -> bool:
        """ "an NGO": a class noun in capitals after an indefinite article names nobody."""
        if first == 0 or last - first != 1 or sentence.low[first - 1] not in self.english.words("indefinite"):
            return False
        return self.lexis.noun_at(sentence.low, first) is not None

    def _known_end(self, sentence: Sentence, index: int) -> int | None:
        for length, names in self.known.get(sentence.words[index], {}).items():
            if tuple(sentence.words[index : index + length]) in names:
                return index + length
        return None

    def is_capital(self, sentence: Sentence, index: int) -> bool:
        """Tell whether a token is a capitalised word that may be part of a name."""
        if index >= len(sentence):
            return False
        word = sentence.words[index]
        return (
            word[0].isupper()
            and sentence.low[index] not in self.plain
            and not (
                "-" in word and word.rpartition("-")[2].islower() and not self._is_second(sentence, index)
            )
        )

    def _is_second(self, sentence: Sentence, index: int) -> bool:
        """ "Baek Do-ryun": what is hyphenated after a capital, and before no noun, is the rest of a name;
        "Arvika-based" is none.
        """
        after = sentence.words[index + 1] if index + 1 < len(sentence) else "."
        plain = after[0].islower() and sentence.low[index + 1] not in self.lexis.closed
        return index > 0 and sentence.words[index - 1][0].isupper() and not plain

    def _is_numbered(self, sentence: Sentence, index: int) -> bool:
        """Tell whether an ordinal opens a name: "23rd Shore Army"."""
        return _ORDINAL.fullmatch(sentence.words[index]) is not None and self.is_capital(sentence, index + 1)

    def _may_start(self, sentence: Sentence, index: int) -> bool:
        word = sentence.words[index]
        follows = self.is_capital(sentence, index + 1)
        if self._is_numbered(sentence, index):
            return True
        if not self.is_capital(sentence, index) or (
            sentence.low[index] in self.lexis.closed and not self._is_modal_name(sentence, index)
        ):
            return False
        if self._is_adjective(sentence, index) and not (follows or self._joined_adjective(sentence, index)):
            return False
        if index > 0 and sentence.words[index - 1] not in _OPENING:
            return len(word) > 1
        if len(word) > 1 and word.isupper():
            return True
        if sentence.low[index] in self.verbs and word not in self.capitals:
            return False
        return (
            follows
            or word in self.capitals
            or self._connects(sentence, index + 1) is not None
            or self.gazetteer.find(word) is not None
        )

    def _joined_adjective(self, sentence: Sentence, index: int) -> bool:
        """Tell whether "and" joins a capitalised adjective to the rest of a name, as in "Socialist and
        Liberal League".
        """
        following = sentence.low[index + 1] if index + 1 < len(sentence) else ""
        return following in self.lexis.joints and self._connects(sentence, index + 1, index) is not None

    def _is_modal_name(self, sentence: Sentence, index: int) -> bool:
        """A modal with a capital inside a sentence, before another capital, is somebody's first name ("Will",
        "May").
        """
        inside = index > 0 and sentence.words[index - 1] not in _OPENING
        return (
            inside
            and sentence.low[index] in self.lexis.hedge_modals | self.english.words("name-like")
            and self.is_capital(sentence, index + 1)
        )

    def _is_adjective(self, sentence: Sentence, index: int) -> bool:
        """A nationality before a plain noun ("Norlandic migrants") names nobody."""
        word = sentence.low[index]
        if word in self.lexis.adjectives or self.lexis.term(word) is not None:
            return True
        after = sentence.words[index + 1] if index + 1 < len(sentence) else ""
        plain = after[:1].islower() and after not in self.lexis.closed and after not in self.verbs
        return plain and self.lexis.is_nationality(word)

    def _extend(
        self, sentence: Sentence, first: int, last: int, taken: Mapping[int, int], *, stop_at_title: bool
    ) -> int:
        while last < len(sentence) and last - first < MAX_TOKENS and last not in taken:
            if stop_at_title and sentence.low[last] in self.lexis.titles and self.is_capital(sentence, last):
                break
            step = self._step(sentence, first, last)
            if step == last or any(token in taken for token in range(last, step)):
                break
            last = step
        return last

    def _step(self, sentence: Sentence, first: int, last: int) -> int:
        """Return the token up to which a name goes on from a token: over a word, a possessive, a suffix or a
        connector.
        """
        words, low = sentence.words, sentence.low
        if self.is_capital(sentence, last) or (words[last] == "I" and words[last - 1][0].isupper()):
            return last + 1
        particle, _, rest = words[last].partition("-")
        if particle in self.connectors and rest[:1].isupper():
            return last + 1
        if low[last] in self.plain and words[last][0].isupper() and self.is_capital(sentence, last + 1):
            return last + 2
        if low[last] == "'s" and low[last - 1] in self.possessives and self.is_capital(sentence, last + 1):
            return last + 2
        if (
            low[last] in self.lexis.the
            and self.is_capital(sentence, last + 1)
            and not self.purposes.isdisjoint(low[first:last])
        ):
            return last + 2
        if words[last] == "," and last + 1 < len(sentence) and low[last + 1] in self.suffixes:
            return last + 2 + (last + 2 < len(sentence) - 1 and words[last + 2] == ".")
        following = self._connects(sentence, last, first)
        return self._over_sign(sentence, first, last) if following is None else following + 1

    def _over_sign(self, sentence: Sentence, first: int, last: int) -> int:
        """Return the token up to which a name goes on over a sign or a number: "Committee 88", "St. Brannoc",
        "Roon & Co. Ltd.", "Red Buoy/Red Sail", "Hugh Ember and the Pilots".
        """
        words = sentence.words
        after = words[last + 1] if last + 1 < len(words) else ""
        if _NUMBER.fullmatch(words[last]):
            small = self.lexis.joints | self.lexis.be | self.english.words("preposition")
            ends = not after or after[0].isupper() or after in ",.;)" or after.lower() in small
            place = self.gazetteer.find(sentence.words_of(first, last)) is not None
            return last + (ends and not place and words[last - 1][0].isupper())
        if words[last] == "&" or (words[last] in "/." and self._is_glued(sentence, last)):
            return last + 2 if self.is_capital(sentence, last + 1) else last
        if words[last] == "," and words[last + 2 : last + 3] == ["&"] and self.is_capital(sentence, last + 1):
            return last + 2
        return self._over_band(sentence, first, last)

    def _is_glued(self, sentence: Sentence, at: int) -> bool:
        """Tell whether a slash joins two words, or a full stop shortens the word before it inside a name."""
        before = sentence.ends[at - 1] == sentence.starts[at]
        if sentence.words[at] == "/":
            return (
                before and sentence.ends[at] == sentence.starts[at + 1 : at + 2][0]
                if at + 1 < len(sentence)
                else False
            )
        return before and sentence.low[at - 1] in self.suffixes | self.english.words("shortened-in-name")

    def _over_band(self, sentence: Sentence, first: int, last: int) -> int:
        """ "Hugh Ember and the Pilots": a name that the text never calls without the other is one with it."""
        low = sentence.low
        joined = last + 1 < len(low) and low[last] in self.lexis.joints and low[last + 1] in self.lexis.the
        if not joined or not self.is_capital(sentence, last + 2) or last - first > 3:
            return last
        group = sentence.words[last + 2]
        after = low[last + 3] if last + 3 < len(low) else "."
        alone = self.is_capital(sentence, last + 3) or after == "," or after in self.lexis.joints
        plural = group.endswith("s") and group.lower() not in self.lexis.heads
        headed = any(word in self.lexis.heads or word in self.lexis.the for word in low[first:last])
        return last + 3 if plural and not alone and not headed and self._is_never_alone(group) else last

    def _is_never_alone(self, group: str) -> bool:
        """Tell whether the text says a name with "the" only after "and"."""
        the, joints = "|".join(sorted(self.lexis.the)), "|".join(sorted(self.lexis.joints))
        named = rf"(?i:{the}) {re.escape(group)}\b"
        return len(re.findall(rf"\b{named}", self.text)) == len(
            re.findall(rf"\b(?:{joints}) {named}", self.text)
        )

    def _connects(self, sentence: Sentence, index: int, first: int | None = None) -> int | None:
        """Return the capitalised token that a connector at ``index`` leads to."""
        low = sentence.low
        if index + 1 >= len(sentence) or low[index] not in self.connectors:
            return None
        if low[index] in self.joints and first is not None and not self._joins(sentence, first, index):
            return None
        after = index + 1
        while after < len(sentence) and low[after] in self.articles:
            after += 1
        return after if self.is_capital(sentence, after) else None

    def _joins(self, sentence: Sentence, first: int, index: int) -> bool:
        """``for``, ``to`` and ``and`` join only inside the name of something that has a head noun; ``of`` not
        after a title or place.
        """
        low = sentence.low
        headed = any(low[i] in self.lexis.heads for i in range(first, index))
        if low[index] in self.genitives:
            return (headed or low[index - 1] not in self.lexis.titles) and (
                index - first > 1 or self.gazetteer.find(sentence.words[first]) is None
            )
        if low[index] in self.lexis.joints:
            if (
                index + 2 < len(low)
                and low[index + 2] in self.lexis.heads
                and self.is_capital(sentence, index + 2)
            ):
                return index - first == 1 and self.lexis.term(low[first]) is not None
            return headed and self._in_field(sentence, first, index)
        return headed

    def _in_field(self, sentence: Sentence, first: int, index: int) -> bool:
        """Tell whether "and" joins two words for what something is about, not a place and another name:
        "Society for Birds and Bees", "University of Applied Sciences and Arts".
        """
        low = sentence.low
        joint = next((at for at in range(index - 1, first, -1) if low[at] in self.joints), index)
        place = sentence.words_of(joint + 1, index) if joint + 1 < index else ""
        near = 0 < index - joint <= 4 and self.gazetteer.find(place) is None
        return near and not self.is_capital(sentence, index + 2)

    def _strip(self, sentence: Sentence, first: int, last: int) -> int | None:
        """Return the first token of the name proper, after nationality and titles; None if nothing is
        left.
        """
        low, titles, adjectives = sentence.low, self.lexis.titles, self.lexis.adjectives
        index = first
        while index < last and low[index] in adjectives and (index + 1 < last) and low[index + 1] in titles:
            index += 1
        while index < last and low[index] in titles:
            index += 1
        if first < index < last and low[index] in self.connectors:
            return None
        return index if index < last else None


_ACRONYM = re.compile(r"\(([A-ZÀ-ÖØ-Þ][\w.&-]{1,9})\)")


def acronyms(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start of the long form, its end, abbreviation) for ``Long Form Name (LFN)`` (after Schwartz and
    Hearst 2003).
    """
    for match in _ACRONYM.finditer(text):
        letters = [c.lower() for c in match[1] if c.isalpha()]
        start = _long_form(text, match.start(), letters)
        if len(letters) > 1 and start is not None:
            yield start, len(text[: match.start()].rstrip(" ,")), match[1]


def _long_form(text: str, end: int, letters: list[str]) -> int | None:
    """Walk back over words whose initials spell the letters; small words may be passed over."""
    words = list(re.finditer(r"[^\W_]+", text[max(0, end - 120) : end]))
    offset = max(0, end - 120)
    position = len(words)
    start = None
    for letter in reversed(letters):
        position -= 1
        while (
            position >= 0
            and words[position].group()[0].lower() != letter
            and words[position].group().islower()
        ):
            position -= 1
        if position < 0 or words[position].group()[0].lower() != letter:
            return None
        start = offset + words[position].start()
    if start is None or not text[start].isupper() or any(c in text[start:end] for c in "\n.;:("):
        return None
    return start
