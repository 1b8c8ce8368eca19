"""What fills a slot, and the tokens between two fillers: joints and brackets."""

from __future__ import annotations

from dataclasses import dataclass

from ..statement import Span
from .compiled import Hole
from .context import Context
from .nodes import Node
from .scene import Scene
from .values import Value


@dataclass(frozen=True, slots=True)
class Filler:
    """One value of a slot and the tokens that it covers; ``node``, a ``Value``, a text ``Span`` or the IRI of
    a choice.
    """

    hole: Hole
    value: Node | Value | Span | str
    first: int
    last: int
    span: Span
    antecedent: Span | None = None


def token_at(scene: Scene, at: int) -> str:
    """Return the lower-case token at a place; nothing after the sentence's end."""
    return scene.sentence.low[at] if at < len(scene.sentence) else ""


def list_joint(context: Context, scene: Scene, at: int) -> int:
    """Return the token after a comma, an "and" or both; 0 if there is none."""
    low = scene.sentence.low
    start = at
    if at < len(low) and low[at] == ",":
        at += 1
    if at < len(low) and context.lexis.joins(low[at]):
        at += 1
    at = context.lexis.after(low, at, "list-joint-phrase")
    return at if at > start else 0


def after_bracket(scene: Scene, at: int) -> int:
    """Return the token after a bracket that opens at a token, or the token itself."""
    words = scene.sentence.words
    if at >= len(words) or words[at] not in "([":
        return at
    depth = 0
    for index in range(at, len(words)):
        depth += (words[index] in "([") - (words[index] in ")]")
        if depth == 0:
            return index + 1
    return at
