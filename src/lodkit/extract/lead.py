"""The first sentence of an article: under which name it speaks of the subject, and the other names that it
gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..domain import fold
from ..language.tokens import Sentence
from ..source import Block
from ..statement import Span
from .context import Context, is_readable

LONGEST = 16
"""The most tokens of the subject's name in the first sentence."""

FURTHEST = 60
"""How many tokens into the sentence its verb may stand."""

_CLOSED_QUOTES = "\"'“”‘’"


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before the verb of the first sentence: the subject's ``name``, and the stretches after it
    that may give other names, without their brackets and commas.
    """

    block: Block
    name: Span
    asides: tuple[Span, ...]


def opening(context: Context) -> Opening | None:
    """Return the opening of the first paragraph, None where it does not begin with a name and a copula."""
    block = next((block for block in context.article.blocks if block.kind == "paragraph"), None)
    if block is None or not block.sentences or not is_readable(block.sentences[0]):
        return None
    sentence = Sentence(context.text, block.sentences[0])
    verb = _verb(context, sentence)
    if verb is None:
        return None
    first = _name_start(context, sentence)
    last = first
    while last < verb and last - first < LONGEST and not _ends_name(context, sentence, last):
        last += 1
    begins = last > first and not sentence.words[first][0].islower()
    if not begins or not all(_of_name(context, sentence, at) for at in range(first, last)):
        return None
    asides = tuple(_asides(context, sentence, last, verb))
    return Opening(block, sentence.cover(first, last), asides)


def _verb(context: Context, sentence: Sentence) -> int | None:
    """The first copula that stands in no bracket."""
    depth, copulas = 0, context.lexis.english.words("copula")
    for at, word in enumerate(sentence.low[:FURTHEST]):
        depth += (word in "([") - (word in ")]")
        if depth == 0 and word in copulas and at > 0:
            return at
    return None


def _name_start(context: Context, sentence: Sentence) -> int:
    at = 0
    while at < min(3, len(sentence)) and (
        sentence.low[at] in context.lexis.articles
        or sentence.words[at] in _CLOSED_QUOTES
        or (sentence.words[at][0].islower() and at < 3)
    ):
        at += 1
    return at


def _ends_name(context: Context, sentence: Sentence, at: int) -> bool:
    word = sentence.words[at]
    return (
        word in "([,;:—–"
        or (word in _CLOSED_QUOTES and not _is_possessive(sentence, at))
        or sentence.low[at] in context.lexis.alternatives
        or sentence.low[at] in context.lexis.english.words("relative")
    )


def _of_name(context: Context, sentence: Sentence, at: int) -> bool:
    """Tell whether a token may be part of a name: a capital, a number, a small word, a sign between two."""
    word = sentence.words[at]
    if word == "'s":
        return at + 1 < len(sentence) and sentence.words[at + 1][0].isupper()
    return (
        not word[0].islower() or sentence.low[at] in context.lexis.closed or word in context.finder.connectors
    )


def _is_possessive(sentence: Sentence, at: int) -> bool:
    """Tell whether a sign at a token is the apostrophe of a plural: "the Farmers' League"."""
    words = sentence.words
    return (
        words[at] in "'’"
        and 0 < at < len(words) - 1
        and words[at - 1].endswith("s")
        and words[at + 1][0].isupper()
    )


def _asides(context: Context, sentence: Sentence, at: int, verb: int) -> Iterator[Span]:
    """The stretches between commas, brackets and "or" from a token up to the verb."""
    start = at
    for index in range(at, verb + 1):
        ends = index == verb or sentence.words[index] in "([])],;"
        if ends and index > start:
            first = start
            if sentence.low[first] in context.lexis.alternatives and index - first > 1:
                yield sentence.cover(first + 1, index)
            else:
                yield sentence.cover(first, index)
        if ends:
            start = index + 1


def is_called(context: Context, name: Span) -> bool:
    """Tell whether the name in the first sentence is the title's, longer, shorter or spelt out: what has its
    words in it, or its letters.
    """
    title, words = _words(context, context.article.name), _words(context, name.of(context.text))
    if not title or not words:
        return False
    if len(title) == 1 and len(words) > 1:
        letters = "".join(word[0] for word in words)
        small = "".join(word[0] for word in words if word not in context.lexis.closed)
        if title[0].replace(".", "") in (letters, small):
            return True
    numbers = {word for word in title if word.isdigit()}
    return _within(title, words) or (numbers <= set(words) and _within(words, title))


def _words(context: Context, name: str) -> list[str]:
    plain = re.sub(r"\s+\([^()]*\)$", "", name)
    return [word for word in fold(plain).split() if word not in context.lexis.articles]


def _within(some: list[str], all_: list[str]) -> bool:
    """Tell whether words occur in others in their order; one word alone must be the first or the last."""
    if len(some) == 1:
        return some[0] in (all_[0], all_[-1])
    rest = iter(all_)
    return all(word in rest for word in some)


def opened_name(context: Context, span: Span) -> tuple[str, Span] | None:
    """Return the kind of name that a stretch gives by its first words ("also known as X"), and where the name
    stands.
    """
    words = span.of(context.text)
    openers = context.lexis.english.table("name-opener")
    low = words.lower()
    for opener in sorted(openers, key=len, reverse=True):
        found = re.search(rf"(?:^|\s){re.escape(opener)}\s+", low)
        if found is not None and found.start() <= _FAR:
            start = span.start + found.end()
            return openers[opener], Span(start, span.end)
    return None


_FAR = 24
"""How many characters may stand before the words that open a name: "commonly", "usually"."""
