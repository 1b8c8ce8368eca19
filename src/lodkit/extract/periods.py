"""When what a clause says held: the dates that stand in it, before it or in brackets after it, and words such
as "former".
"""

from __future__ import annotations

from dataclasses import replace

from ..domain import PropertyShape
from ..xsd import EDTF
from .circumstances import Circumstance, ends_of
from .context import Context
from .filler import after_bracket
from .match import Match
from .nodes import Node
from .scene import Mention, Scene
from .states import Stated, StateMaker
from .values import Value

UNKNOWN = "XXXX"
"""A date of which nothing is known (ISO 8601-2:2019, 4.6)."""

NEAR = 2
"""The most tokens between a date that opens a sentence and the clause that it dates."""


def is_lasting(context: Context, shape: PropertyShape) -> bool:
    """Tell whether what a property says holds for a time, so that it begins and ends."""
    return any(shape.path in rule.lasting for rule in context.domain.states)


def limit_of(context: Context, scene: Scene, match: Match) -> Circumstance | None:
    """Return what a match says of the time for which it holds; None where it says nothing."""
    dated = _dated(context, scene, match)
    former = _former(context, scene, match)
    if dated is None or former is None:
        return dated or former
    return replace(dated, end=dated.end or former.end)


def keep_state(context: Context, stated: Stated, limit: Circumstance) -> Node | None:
    """Make a node of a value that holds for a time; None where the domain has no rule for it."""
    owner, value = stated.subject, stated.value
    name = ""
    if limit.is_over and owner.spellings:
        name = f"{owner.label()}: {stated.shape.name}"
    elif isinstance(value, Node) and value.spellings:
        name = f"{value.label()} ({limit.span.of(context.text)})"
    return StateMaker(context).add(stated, limit, name)


def _dated(context: Context, scene: Scene, match: Match) -> Circumstance | None:
    mention = _date_of(context, scene, match)
    if mention is None or mention.value is None:
        return None
    start, end = ends_of(mention.value)
    span = scene.sentence.cover(mention.first, mention.last)
    if start is not None or end is not None:
        return Circumstance(span, start, end)
    low, english = scene.sentence.low, context.lexis.english
    words = set(low[match.first : match.last])
    if words & english.words("beginning-verb"):
        return Circumstance(span, start=mention.value)
    if words & english.words("ending-verb"):
        return Circumstance(span, end=mention.value)
    return Circumstance(span, at=mention.value)


def _date_of(context: Context, scene: Scene, match: Match) -> Mention | None:
    """The date of a match's clause: in it, right after it, in brackets after it, or opening the sentence."""
    if any(isinstance(filler.value, Value) for filler in match.fillers):
        return None  # a slot of the phrase has it
    inside = _between(scene, match.trigger, match.last)
    return inside or _after(context, scene, match.last) or _fronted(scene, match.first)


def _between(scene: Scene, first: int, last: int) -> Mention | None:
    return next((m for at in range(first, last) if (m := scene.date_at(at)) and m.last <= last), None)


def _after(context: Context, scene: Scene, at: int) -> Mention | None:
    words, low = scene.sentence.words, scene.sentence.low
    if at >= len(words):
        return None
    if words[at] == "(":
        found = scene.date_at(at + 1)
        return found if found is not None and after_bracket(scene, at) == found.last + 1 else None
    at += words[at] == "," and scene.date_at(at + 1) is not None
    opens = at < len(low) and low[at] in context.lexis.english.words("date-preposition")
    return scene.date_at(at) or (scene.date_at(at + 1) if opens else None)


def _fronted(scene: Scene, first: int) -> Mention | None:
    found = next((m for at in range(min(3, first)) if (m := scene.date_at(at)) is not None), None)
    return found if found is not None and 0 <= first - found.last <= NEAR else None


def _former(context: Context, scene: Scene, match: Match) -> Circumstance | None:
    """ "former chairman", "ex-director": it is over, nobody says since when."""
    english, low = context.lexis.english, scene.sentence.low
    for at in range(max(match.first, match.trigger - NEAR), match.trigger):
        if low[at] in english.words("former") and not _in_filler(match, at):
            span = scene.sentence.cover(at, at + 1)
            return Circumstance(span, end=Value(span, UNKNOWN, EDTF))
    return None


def _in_filler(match: Match, at: int) -> bool:
    return any(filler.first <= at < filler.last for filler in match.fillers)
