"""Types that the text states: "X is a magazine", "X, a magazine", "magazines such as X"."""

from __future__ import annotations

from dataclasses import replace

from ..statement import Basis
from .context import Context
from .fill import node_of, resolve
from .filler import after_bracket
from .nodes import Node
from .scene import Mention, Scene


def classify(context: Context, scene: Scene) -> None:
    """Type the nodes of a sentence, and let a predicate noun ("is a magazine founded by") stand for its
    subject.
    """
    for mention in [m for m in scene.mentions() if m.kind == "noun" and m.cls not in context.book.minted]:
        if (
            mention.definite is not True
            or mention.plural
            or _after_copula(context, scene, mention.outer) is not None
        ):
            _predicate(context, scene, mention)
        if mention.outer <= 1 and not mention.plural:
            _opening(context, scene, mention)
        if mention.plural:
            _members(context, scene, mention)


def _predicate(context: Context, scene: Scene, noun: Mention) -> None:
    subject = _after_copula(context, scene, noun.outer) or _apposed(context, scene, noun)
    node = mentioned_node(context, scene, subject) if subject else None
    if subject is None or node is None or noun.cls is None or node.minted is not None:
        return
    span = scene.sentence.cover(subject.first, noun.last)
    context.give_type(node, noun.cls, noun.rule or "", Basis.STATED, span, scene.span(subject))
    if noun.cls in node.types:
        if node is context.nodes.subject:
            context.subject_nouns.add(scene.sentence.low[noun.last - 1])
        scene.ending[noun.last] = [replace(m, node=node) if m is noun else m for m in scene.ending[noun.last]]
        for start in {noun.outer, noun.first}:
            scene.starting[start] = [replace(m, node=node) if m is noun else m for m in scene.starting[start]]


def mentioned_node(context: Context, scene: Scene, mention: Mention) -> Node | None:
    """Return the node of a mention that no slot asks for."""
    if mention.kind == "noun" and mention.definite:
        return resolve(context, scene, mention)
    return node_of(context, scene, mention, ())


def _after_copula(context: Context, scene: Scene, at: int) -> Mention | None:
    """Return the subject when a form of "be" or "become" stands right before a token."""
    low, openers = scene.sentence.low, context.lexis.english.words("predicate-opener")
    while at > 0 and (_is_plain_adverb(context, scene, at - 1) or low[at - 1] in openers):
        at -= 1
    if at < 1 or low[at - 1] not in context.lexis.english.words("copula"):
        return None
    at -= 1
    while at > 0 and _is_plain_adverb(context, scene, at - 1):
        at -= 1
    return subject_before(context, scene, at)


def _is_plain_adverb(context: Context, scene: Scene, at: int) -> bool:
    """Tell whether an adverb that is no hedge, and no name that looks like one ("Ledgerly"), stands at a
    token.
    """
    word = scene.sentence.low[at]
    return (
        context.lexis.is_adverb(word)
        and not scene.sentence.words[at][0].isupper()
        and word not in context.lexis.english.words("hedge")
    )


def subject_before(context: Context, scene: Scene, at: int) -> Mention | None:
    """Return the mention that is the subject of a verb at a token."""
    words = scene.sentence.words
    if scene.subject is not None and (scene.subject.last == at or _only_aside(scene, scene.subject.last, at)):
        return replace(scene.subject, node=scene.subject_node)
    if at > 0 and words[at - 1] == ",":
        return None
    for mention in scene.ending.get(at, ()):
        governed = mention.outer > 0 and scene.sentence.low[mention.outer - 1] in context.lexis.english.words(
            "preposition"
        )
        if mention.kind == "name" and not governed:
            return mention
    return None


def _only_aside(scene: Scene, first: int, last: int) -> bool:
    """Tell whether only brackets and a comma-fenced aside stand between two tokens."""
    at = first
    while (after := after_bracket(scene, at)) > at:
        at = after
    if at == last:
        return True
    words = scene.sentence.words
    return at < last and words[at] == "," and words[last - 1] == ","


def _apposed(context: Context, scene: Scene, noun: Mention) -> Mention | None:
    """Return the name that "a …" after a comma explains: "The Signal, a newspaper"."""
    words, at = scene.sentence.words, noun.outer
    if at < 2 or words[at - 1] != "," or noun.definite is not False or noun.plural:
        return None
    english = context.lexis.english
    follows = scene.sentence.low[noun.last] if noun.last < len(words) else "."
    closes = (
        follows in (",", ".", ";", ")")
        or follows in english.words("preposition") | english.words("relative") | english.past_forms
    )
    closes = closes or follows.endswith("ed")
    before = at - 1
    for mention in scene.ending.get(before, ()):
        listed = mention.outer > 0 and words[mention.outer - 1] == ","
        if mention.kind == "name" and closes and not listed:
            return mention
    return None


def _opening(context: Context, scene: Scene, noun: Mention) -> None:
    """A noun phrase that opens the sentence explains the name after its comma: "Their third album, Songs of
    the Coast, was".
    """
    words, low, possessives = scene.sentence.words, scene.sentence.low, context.lexis.possessives
    opens = noun.outer == 0 or (noun.outer == 1 and low[0] in possessives)
    if not opens or noun.last >= len(words) or words[noun.last] != ",":
        return
    for name in scene.starting.get(noun.last + 1, ()):
        closes = name.last < len(words) and words[name.last] == ","
        if name.kind in ("name", "quote") and closes and noun.cls:
            node = name.node or context.nodes.name(scene.text(name), scene.span(name))
            span = scene.sentence.cover(noun.first, name.last)
            context.give_type(node, noun.cls, noun.rule or "", Basis.STATED, span, scene.span(name))
            scene.add(Mention(noun.first, name.last + 1, 0, "phrase", node, words=scene.span(name)))
            return


def _members(context: Context, scene: Scene, noun: Mention) -> None:
    """Type the names after "including" and "such as"."""
    low, words, at = scene.sentence.low, scene.sentence.words, noun.last
    at += at < len(words) and words[at] == ","
    opened = at
    at = context.lexis.after(low, at, "example-opener")
    if at == opened:
        return
    while at < len(words):
        mention = next(
            (m for m in scene.starting.get(at, ()) if m.kind == "name" and m.node is not None), None
        )
        if mention is None or mention.node is None or noun.cls is None:
            return
        span = scene.sentence.cover(noun.first, mention.last)
        context.give_type(mention.node, noun.cls, noun.rule or "", Basis.STATED, span, scene.span(mention))
        at = after_bracket(scene, mention.last)
        at += at < len(words) and words[at] == ","
        at += at < len(words) and low[at] in context.lexis.joints
