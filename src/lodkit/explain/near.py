"""Rules that came near in a sentence, and where each of them stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ..extract.compiled import Compiled, Forms, Hole
from ..extract.context import Context
from ..extract.match import Match, Matcher, Stop
from ..extract.nodes import Node
from ..extract.scene import Mention, Scene
from ..statement import Span
from .aside import unchanged


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule whose words stand in a sentence and of which no statement, or not all, came: ``span`` is the
    word that began it, ``at`` where it stopped, ``reach`` how far it had come: the nearest are told first.
    ``slots`` are the properties that it would have given values of.
    """

    rule: str
    span: Span
    at: Span
    reason: str
    reach: int
    slots: frozenset[str]


def near_misses(context: Context, scene: Scene) -> list[Miss]:
    """Return the rules that came near, the nearest first; of several patterns of a rule at one word and for
    the same properties the one that came furthest. A rule of which a statement came is among them for what
    it did not find.
    """
    with unchanged(context):
        found = list(_misses(context, scene))
    best: dict[tuple[str, Span, frozenset[str]], Miss] = {}
    for miss in found:
        key = miss.rule, miss.span, miss.slots
        if key not in best or miss.reach > best[key].reach:
            best[key] = miss
    return sorted(best.values(), key=lambda miss: (-miss.reach, miss.span, miss.rule, sorted(miss.slots)))


def _misses(context: Context, scene: Scene) -> Iterator[Miss]:
    fired = _fired(context, scene)
    for trigger, word in enumerate(scene.sentence.low):
        for compiled in chain(context.book.nominal.get(word, ()), context.book.clausal.get(word, ())):
            matcher = Matcher(context, scene)
            matcher.stops_met = []
            match = matcher.match(compiled, trigger)
            near = _Near(context, scene, compiled, trigger, match)
            if match is not None:
                yield from _unfilled(near, matcher.stops_met)
                is_filled = any(filler.hole.shape for filler in match.fillers)
                if is_filled and not _has_fired(fired, compiled, scene, trigger):
                    yield near.miss(trigger, _why_dropped(context, match), match.size() + _SLOT_WANTED)
            elif matcher.stops_met:
                stop = _furthest(matcher.stops_met)
                yield near.miss(_place(scene, stop), _why_stopped(near, stop), _reach(near, stop))


@dataclass(frozen=True, slots=True)
class _Near:
    """A pattern at a word, with what of the sentence its core matches, if it does."""

    context: Context
    scene: Scene
    compiled: Compiled
    trigger: int
    match: Match | None

    def miss(self, at: int, reason: str, reach: int, slots: frozenset[str] | None = None) -> Miss:
        sentence, phrase = self.scene.sentence, self.compiled.phrase
        if slots is None:
            slots = frozenset(shape.path for shape in phrase.slots.values())
        place = sentence.cover(self.trigger, self.trigger + 1), sentence.cover(at, at + 1)
        return Miss(phrase.iri, *place, reason, reach, slots)


def _unfilled(near: _Near, stops: list[Stop]) -> Iterator[Miss]:
    """The adjuncts of a pattern whose core stands there: "was founded by" before what founds nothing, and
    "was founded" with no "by" after it.
    """
    match = near.match
    assert match is not None
    filled = {filler.hole.name for filler in match.fillers}
    begun = {id(stop.part): stop for stop in stops if isinstance(stop.part, Hole) and stop.at > 0}
    reach = match.size() + _SLOT_WANTED
    for adjunct in near.compiled.adjuncts:
        for hole in (part for part in adjunct if isinstance(part, Hole) and part.name not in filled):
            slots = frozenset({hole.shape.path} if hole.shape else ())
            stop = begun.get(id(hole))
            if stop is not None:
                yield near.miss(_place(near.scene, stop), _why_stopped(near, stop), reach, slots)
            elif isinstance(adjunct[0], Forms):
                at = min(match.last, len(near.scene.sentence) - 1)
                yield near.miss(
                    at, _why_no_adjunct(near, adjunct[0], hole, match.last), 1 + match.size(), slots
                )


def _why_no_adjunct(near: _Near, opening: Forms, hole: Hole, at: int) -> str:
    wanted = "|".join(sorted(opening.lemmas))
    beside = _word(near.scene, at)
    return f"stopped at {beside}: {{{hole.name}}} is wanted there, after {wanted!r}"


def _fired(context: Context, scene: Scene) -> list[tuple[str, Span]]:
    within = scene.sentence.span
    return [(reading.rule, reading.span) for reading in context.readings if within.holds(reading.span)]


def _has_fired(fired: list[tuple[str, Span]], compiled: Compiled, scene: Scene, trigger: int) -> bool:
    start = scene.sentence.starts[trigger]
    return any(rule == compiled.phrase.iri and span.start <= start < span.end for rule, span in fired)


def _furthest(stops: list[Stop]) -> Stop:
    """What is sought on the right is sought only once all is found on the left."""
    rightwards = [stop for stop in stops if not stop.leftwards]
    if rightwards:
        return max(rightwards, key=lambda stop: stop.at)
    return min(stops, key=lambda stop: stop.at)


def _reach(near: _Near, stop: Stop) -> int:
    """How far a pattern came: the tokens from its trigger, and all of its left side where it came to the
    right. A slot that nothing fills is nearer than a word that is not there: that is another wording, and so
    is "was led" for "led". Forms of "be" begin many rules by chance.
    """
    compiled, low = near.compiled, near.scene.sentence.low
    distance = abs(stop.at - near.trigger)
    is_past_left = not stop.leftwards and stop.part is not compiled.trigger
    english = near.context.lexis.english
    bare = low[near.trigger] in english.words("be") | english.words("copula")
    own = 0 if bare else _OWN_WORD
    passive = stop.leftwards and stop.at > 0 and low[stop.at - 1] in near.context.lexis.be
    filled = _SLOT_WANTED if isinstance(stop.part, Hole) and not passive else 0
    if not own and isinstance(stop.part, Forms):
        return 0
    return own + distance + (3 * len(compiled.left) if is_past_left else 0) + filled


_SLOT_WANTED, _OWN_WORD = 10, 3
"""What a slot counts that nothing fills, and a word that not every sentence has."""


def _place(scene: Scene, stop: Stop) -> int:
    at = stop.at - 1 if stop.leftwards else stop.at
    return min(max(at, 0), len(scene.sentence) - 1)


def _word(scene: Scene, at: int) -> str:
    return f"{scene.sentence.words[at]!r}" if 0 <= at < len(scene.sentence) else "the end of the sentence"


# ---- why a pattern did not go on ----


def _why_stopped(near: _Near, stop: Stop) -> str:
    scene = near.scene
    if stop.part is near.compiled.trigger:
        return f"{_word(scene, stop.at)} is no participle"
    beside = _word(scene, stop.at - 1 if stop.leftwards else stop.at)
    if stop.leftwards and stop.at == 0:
        beside = "the beginning of the sentence"
    if isinstance(stop.part, Forms):
        side = "before" if stop.leftwards else "after"
        wanted = "|".join(sorted(stop.part.lemmas))
        return f"stopped at {beside}: {wanted!r} is wanted there, {side} what was read"
    return _why_not_filled(near, stop, stop.part, beside) if isinstance(stop.part, Hole) else beside


_WANTED = {
    "date": "a date",
    "number": "an exact number in digits",
    "choice": "one of its values",
    "title": "a title",
    "word": "a name",
    "node": "a name or a description",
}


def _why_not_filled(near: _Near, stop: Stop, hole: Hole, beside: str) -> str:
    is_focus = hole.shape is None
    name = "its subject" if is_focus else f"{{{hole.name}}}"
    if hole.kind != "node" and not is_focus:
        return f"stopped at {beside}: {name} wants {_WANTED.get(hole.kind, 'words')}"
    classes = (near.compiled.target,) if hole.shape is None else hole.shape.classes
    mention = _mention(near.scene, stop)
    if mention is None:
        return _why_nobody(near.context, near.scene, stop, name, beside)
    return _why_refused(near.context, near.scene, mention, classes, name)


def _mention(scene: Scene, stop: Stop) -> Mention | None:
    listed = scene.ending if stop.leftwards else scene.starting
    found = [m for m in listed.get(stop.at, ()) if m.kind in ("name", "noun", "phrase")]
    return found[0] if found else None


def _why_nobody(context: Context, scene: Scene, stop: Stop, name: str, beside: str) -> str:
    at = stop.at - 1 if stop.leftwards else stop.at
    low = scene.sentence.low
    if 0 <= at < len(low) and low[at] in context.lexis.pronouns | context.lexis.object_pronouns:
        return f"nobody, or more than one, may be meant by {_word(scene, at)}"
    plain = 0 <= at < len(low) and low[at].isalpha() and low[at] not in context.lexis.closed
    if plain and scene.sentence.words[at].islower():
        return f"{_word(scene, at)} is nothing that a rule knows, and {name} wants a name or a description"
    return f"stopped at {beside}: {name} wants a name or a description that a rule knows"


def _why_refused(
    context: Context, scene: Scene, mention: Mention, classes: tuple[str, ...], name: str
) -> str:
    words = scene.text(mention)
    domain = context.domain
    wanted = " or ".join(domain.compact(cls) for cls in classes) or "anything"
    node = mention.node
    if node is None:
        if mention.kind == "noun":
            return f"{words!r} names nobody, and nobody of its kind was spoken of before"
        return f"{words!r} is nobody that is known"
    if node.types and not any(context.nodes.fits(node, cls) for cls in classes):
        return f"{name} wants {wanted}, and {words!r} is {_classes(context, node)}"
    after = _word(scene, mention.last)
    return f"{words!r} goes on, or is part of something else, before {after}"


# ---- why a match gave nothing ----


def _why_dropped(context: Context, match: Match) -> str:
    this = match.this()
    target = context.domain.compact(match.compiled.target)
    if this is not None and isinstance(this.value, Node):
        return _why_not_of(context, this.value, target, match.compiled.target)
    subject = context.focus or context.nodes.subject
    if not match.compiled.mints and not context.nodes.fits(subject, match.compiled.target):
        return _why_not_of(context, subject, target, match.compiled.target)
    if not match.compiled.mints and not subject.types:
        return f"the rule is of {target}, and {subject.label()!r} has no class"
    return "another rule reads more of the same words, or it says nothing"


def _why_not_of(context: Context, node: Node, target: str, cls: str) -> str:
    name = called(node)
    if not node.types:
        return f"the rule is of {target}, and {name!r} has no class"
    if not any(context.domain.is_a(known, cls) for known in node.types):
        return f"the rule is of {target}, and {name!r} is {_classes(context, node)}"
    return "another rule reads more of the same words"


def called(node: Node) -> str:
    """What a node goes by: its label, or before it has one the title of its page or its key."""
    return node.label() if node.spellings else node.name or node.key


def _classes(context: Context, node: Node) -> str:
    return " and ".join(sorted(context.domain.compact(cls) for cls in node.types)) or "of no class"
