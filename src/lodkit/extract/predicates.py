"""What a text calls things: the noun phrase after a copula or beside a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..language.noun_phrase import NounPhrase
from .beside_names import begin_at_occupation
from .classify import mentioned_node, subject_before
from .context import Context
from .filler import after_bracket
from .nodes import Node
from .scene import Mention, Scene


@dataclass(frozen=True, slots=True)
class Predicate:
    """A noun phrase that says what a node is; ``subject`` is the mention of the node, ``at`` the token of the
    copula, or of the phrase where there is none.
    """

    subject: Mention
    node: Node
    phrase: NounPhrase
    at: int


LONGEST_ASIDE = 8
"""The most tokens of a bracket between a name and what it is called."""


def find_predicates(context: Context, scene: Scene) -> list[Predicate]:
    """Return what a sentence says things are, and let the noun of each phrase be a mention of its thing."""
    for name, node in scene.names():
        begin_at_occupation(context, scene, name, node)
    found = [*_after_copulas(context, scene), *_beside_names(context, scene)]
    for predicate in found:
        _mention_noun(scene, predicate)
    return found


def _after_copulas(context: Context, scene: Scene) -> Iterator[Predicate]:
    low, english = scene.sentence.low, context.lexis.english
    for at, word in enumerate(low):
        if word not in english.words("copula") or scene.quoted(at):
            continue
        subject = subject_before(context, scene, _over_adverbs(context, scene, at, step=-1))
        node = mentioned_node(context, scene, subject) if subject else None
        if subject is None or node is None or node.minted is not None:
            continue
        if word in english.words("copula-plural") and node is not context.nodes.subject:
            continue  # of several things, the last of which stands before the verb
        start = _over_adverbs(context, scene, at + 1, step=1)
        if _describes_name(context, scene, start):
            continue
        yield from (Predicate(subject, node, phrase, at) for phrase in _coordinated(context, scene, start))


def _describes_name(context: Context, scene: Scene, at: int) -> bool:
    """ "was the Norlandic poet Ada Lund" says who, not what."""
    phrase = context.phrases.at(scene.sentence, at)
    return phrase is not None and any(
        m.kind == "name" and m.first == phrase.last for m in scene.starting.get(phrase.last, ())
    )


def _over_adverbs(context: Context, scene: Scene, at: int, *, step: int) -> int:
    """Pass over adverbs that leave the clause asserted, to the left or to the right of a token."""
    low, lexis = scene.sentence.low, context.lexis
    while True:
        beside = at - 1 if step < 0 else at
        word = low[beside] if 0 <= beside < len(low) else ""
        named = bool(word) and scene.sentence.words[beside][0].isupper()
        if not word or named or not lexis.is_adverb(word) or word in lexis.hedges or word in lexis.negators:
            return at
        at += step


def _coordinated(context: Context, scene: Scene, at: int) -> Iterator[NounPhrase]:
    """A noun phrase and those that commas and "and" join to it: "a physician, poet and politician"."""
    phrase = context.phrases.at(scene.sentence, at)
    denied = scene.sentence.low[at : at + 1] and scene.sentence.low[at] in context.lexis.negators
    if denied or (phrase is not None and phrase.definite is None and not phrase.of_several):
        return  # "no longer"; without a determiner it may be an adjective or a participle
    while phrase is not None:
        yield phrase
        low = scene.sentence.low
        end = phrase.last
        comma = end < len(low) and low[end] == ","
        joined = end + comma < len(low) and context.lexis.joins(low[end + comma])
        if not (comma or joined):
            return
        following = context.phrases.at(scene.sentence, end + comma + joined)
        phrase = following if following is not None and _ends_well(context, scene, following) else None


def _ends_well(context: Context, scene: Scene, phrase: NounPhrase) -> bool:
    """Tell whether a joined noun phrase is one more predicate: no verb of its own follows it, and it is not
    the subject of the next clause.
    """
    low = scene.sentence.low
    known = phrase.definite is False or low[phrase.last - 1] in context.lexis.nouns
    if phrase.last >= len(low):
        return known
    word = low[phrase.last]
    finite = context.book.is_finite(word) and not word.endswith("ed")
    return known and not finite and phrase.definite is not True


def _beside_names(context: Context, scene: Scene) -> Iterator[Predicate]:
    """ "The Signal, a small newspaper founded in …": a noun phrase between commas after a name."""
    words = scene.sentence.words
    for name, node in scene.names():
        at = after_bracket(scene, name.last)
        if at - name.last > LONGEST_ASIDE:
            continue
        if at + 1 >= len(words) or words[at] != "," or node.minted is not None:
            continue
        phrase = context.phrases.at(scene.sentence, at + 1)
        listed = name.outer > 0 and words[name.outer - 1] == ","
        if phrase is None or phrase.definite is not False or listed:
            continue
        if _closes(context, scene, phrase.last):
            yield Predicate(name, node, phrase, phrase.first)


def _closes(context: Context, scene: Scene, at: int) -> bool:
    """Tell whether an apposition may go on or end at a token, rather than be a subject."""
    low, english = scene.sentence.low, context.lexis.english
    word = low[at] if at < len(low) else "."
    return (
        word in (",", ".", ";", ")", "(")
        or word in english.words("preposition") | english.words("relative") | english.past_forms
        or word.endswith(("ed", "ing"))
    )


def _mention_noun(scene: Scene, predicate: Predicate) -> None:
    """Let the noun of a predicate stand for what it is said of: "is a large airline based in Arvika"."""
    phrase, cls, rule = predicate.phrase, None, None
    first = phrase.noun[0]
    for old in [m for m in scene.ending.get(phrase.last, ()) if m.kind == "noun"]:
        first, cls, rule = old.first, old.cls, old.rule
        scene.drop(old)
    definite = bool(phrase.definite)
    made = Mention(first, phrase.last, phrase.first, "noun", predicate.node, cls, rule, False, definite)
    scene.add(made)
