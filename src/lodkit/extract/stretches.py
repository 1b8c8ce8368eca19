"""Slots that stretches of words fill: a text up to the end of its clause, a list of common nouns, the
objects of a verb.
"""

from __future__ import annotations

from collections.abc import Iterator

from .compiled import Hole
from .context import Context
from .filler import Filler, list_joint, token_at
from .scene import Scene

MAX_TEXT = 45
"""The most tokens of a text."""


def text(
    context: Context, scene: Scene, hole: Hole, at: int, stops: frozenset[int]
) -> tuple[int, list[Filler]] | None:
    if scene.sentence.low[at] in context.lexis.coordinators:
        return None
    last = text_end(context, scene, at, stops)
    sentence = scene.sentence
    while last > at and sentence.words[last - 1] in ",;:—–-":
        last -= 1
    if last <= at or not any(c.isalnum() for c in sentence.words_of(at, last)):
        return None
    return (last, [Filler(hole, sentence.cover(at, last), at, last, sentence.cover(at, last))])


def text_end(context: Context, scene: Scene, at: int, stops: frozenset[int], *, listed: bool = False) -> int:
    """Return the token where a free text ends: the clause's end, or the next adjunct's words; a list goes on
    after commas.
    """
    words, depth, index = scene.sentence.words, 0, at
    while index < len(words) and index - at < MAX_TEXT:
        word = words[index]
        if word in "([":
            depth += 1
        elif word in ")]":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and index > at and (index in stops or _ends_clause(context, scene, index, listed)):
            break
        index += 1
    return index


def _ends_clause(context: Context, scene: Scene, index: int, listed: bool) -> bool:
    sentence = scene.sentence
    word, low = sentence.words[index], sentence.low
    if word in ".;:!?—" and not scene.quoted(index):
        return True
    english = context.lexis.english
    if word != ",":
        return low[index] in english.words("clause-opener")
    following, after = token_at(scene, index + 1), token_at(scene, index + 2)
    joined = (
        not listed
        and following in context.lexis.coordinators
        and (context.lexis.is_adverb(after) or after in context.book.verbs or after in context.lexis.closed)
    )
    return (
        joined
        or following.endswith("ing")
        or following in english.words("subordinator")
        or following in english.words("text-end")
    )


def nouns(
    context: Context, scene: Scene, hole: Hole, at: int, stops: frozenset[int]
) -> tuple[int, list[Filler]] | None:
    """A list of common nouns: ``literature, leaflets, posters, and even music``."""
    end = text_end(context, scene, at, stops, listed=True)
    fillers = [
        Filler(hole, scene.sentence.cover(first, last), first, last, scene.sentence.cover(first, last))
        for first, last in _items(context, scene, at, end)
    ]
    fillers = fillers if hole.many else fillers[:1]
    return (fillers[-1].last, fillers) if fillers else None


def objects(context: Context, scene: Scene, hole: Hole, at: int) -> tuple[int, list[Filler]] | None:
    """Noun phrases that are the objects of a verb, with what belongs to them: "14 summer camps and a school
    for sailors".
    """
    fillers: list[Filler] = []
    while at and at < len(scene.sentence):
        found = _object(context, scene, at, joined=bool(fillers))
        if found is None:
            break
        first, last = found
        span = scene.sentence.cover(first, last)
        fillers.append(Filler(hole, span, first, last, span))
        at = list_joint(context, scene, last) if hole.many else 0
    return (fillers[-1].last, fillers) if fillers else None


def _object(context: Context, scene: Scene, at: int, *, joined: bool) -> tuple[int, int] | None:
    """The tokens of one object, without its determiner; None where none begins, or a joined verb does."""
    phrase, low = context.phrases.at(scene.sentence, at), scene.sentence.low
    bare = phrase is not None and phrase.definite is None and not low[at][0].isdigit()
    if phrase is None or (phrase.definite is True and low[at] not in context.lexis.the):
        return None
    if low[phrase.last - 1] in context.lexis.english.words("empty-noun"):
        return None
    if joined and bare and (low[at] in context.book.verbs or context.book.is_finite(low[at])):
        return None
    last = phrase.last
    while last + 1 < len(low) and low[last] in context.lexis.english.words("object-preposition"):
        end = _phrase_or_name(context, scene, last + 1)
        if end is None:
            break
        last = end
    ends = last >= len(low) or not context.book.is_finite(low[last])
    return (phrase.start, last) if ends or not joined else None


def _phrase_or_name(context: Context, scene: Scene, at: int) -> int | None:
    """Return the token after the noun phrase or name that begins at a token."""
    low = scene.sentence.low
    after = at + (at < len(low) and low[at] in context.lexis.articles)
    name = next((m for m in scene.starting.get(after, ()) if m.kind == "name"), None)
    phrase = context.phrases.at(scene.sentence, at)
    ends = [name.last] if name else []
    return max([*ends, *([phrase.last] if phrase else [])], default=None)


def _items(context: Context, scene: Scene, at: int, end: int) -> Iterator[tuple[int, int]]:
    low, first = scene.sentence.low, at
    for index in range(at, end + 1):
        if index == end or low[index] == "," or low[index] in context.lexis.joints:
            while first < index and (
                context.lexis.is_adverb(low[first]) or low[first] == "," or low[first] in context.lexis.joints
            ):
                first += 1
            if first < index:
                yield first, index
            first = index + 1
