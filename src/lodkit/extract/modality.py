"""What the text leaves open, denies or puts into somebody's mouth, over stretches of a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from ..statement import Modality, Span
from .context import Context
from .nodes import Node
from .scene import Mention, Scene

ORDER = (Modality.NEGATED, Modality.ATTRIBUTED, Modality.HEDGED)

QUOTED = 4
"""How many tokens in quotation marks are a word or a name at most; more are a title or somebody's words."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A modality over tokens ``first`` to ``last`` (exclusive), and whose words they are."""

    first: int
    last: int
    modality: Modality
    speaker: Node | Span | None = None


def scopes(context: Context, scene: Scene) -> list[Scope]:
    """Return the scopes of a sentence: attribution, conditions, questions and quoted passages."""
    low, conditions = scene.sentence.low, context.lexis.english.words("condition")
    found = [*_reported(context, scene), *_according(context, scene)]
    found += [
        Scope(first, last, Modality.ATTRIBUTED) for first, last in scene.quotes if last - first > QUOTED
    ]
    for index, word in enumerate(low):
        if word in conditions:
            found.append(Scope(index, _clause_end(low, index), Modality.HEDGED))
    if low and low[-1] == "?":
        found.append(Scope(0, len(low), Modality.HEDGED))
    return found


def _clause_end(low: list[str], at: int) -> int:
    return next((i for i in range(at, len(low)) if low[i] in (",", ";")), len(low))


def _according(context: Context, scene: Scene) -> list[Scope]:
    low = scene.sentence.low
    found = []
    for index, word in enumerate(low):
        after = (
            context.lexis.after(low, index, "attribution-opener")
            if word in context.lexis.attribution_starts
            else index
        )
        if index < after < len(low):
            found.append(Scope(0, len(low), Modality.ATTRIBUTED, _speaker_at(scene, after)))
    return found


def _speaker_at(scene: Scene, at: int) -> Node | Span | None:
    for mention in scene.starting.get(at, ()):
        if mention.node is not None:
            return mention.node
    low = scene.sentence.low
    end = next((i for i in range(at, len(low)) if low[i] in (",", ".", ";")), len(low))
    return scene.sentence.cover(at, end) if end > at else None


def _reported(context: Context, scene: Scene) -> list[Scope]:
    """ "X said (that) …", "…, X said": the clause is X's; "it is said that …" leaves it open."""
    low, english, found = scene.sentence.low, context.lexis.english, []
    for index, word in enumerate(low):
        if word not in english.words("reporting-verb"):
            continue
        passive = (index > 0 and low[index - 1] in english.words("be")) or word in english.words(
            "denying-verb"
        )
        speaker = next((m.node for m in scene.ending.get(index, ()) if m.node is not None), None)
        if index + 1 < len(low) and low[index + 1] in english.words("complementizer"):
            found.append(
                Scope(
                    index + 1,
                    len(low),
                    Modality.HEDGED if passive else Modality.ATTRIBUTED,
                    None if passive else speaker,
                )
            )
        elif _opens_clause(context, scene, index) and not passive:
            found.append(Scope(index + 1, len(low), Modality.ATTRIBUTED, speaker))
        elif (
            index > 2
            and speaker is not None
            and index + 1 < len(low)
            and low[index + 1] in (".", ",")
            and "," in low[max(0, index - 8) : index]
        ):
            found.append(Scope(0, len(low), Modality.ATTRIBUTED, speaker))
    return found


def _opens_clause(context: Context, scene: Scene, index: int) -> bool:
    """A name or pronoun right after a verb of saying opens what is said."""
    at = index + 1
    if at >= len(scene.sentence):
        return False
    english = context.lexis.english
    return (
        scene.sentence.low[at] in '"“'
        or scene.sentence.low[at] in english.words("pronoun-subject")
        or (
            any(m.kind == "name" or _is_subject(context, scene, m) for m in scene.starting.get(at, ()))
            and (scene.sentence.low[index] not in english.words("be"))
        )
    )


def _is_subject(context: Context, scene: Scene, mention: Mention) -> bool:
    """Tell whether a noun with "the" has a verb after it: "claimed the group planned it"."""
    low = scene.sentence.low
    noun = mention.kind == "noun" and mention.definite is True and mention.last < len(low)
    return noun and context.book.is_finite(low[mention.last])


def modality_at(found: list[Scope], at: int, cues: list[Modality]) -> tuple[Modality, Node | Span | None]:
    """Return the modality of a clause whose verb stands at a token, and the speaker if it is attributed."""
    here = [scope for scope in found if scope.first <= at < scope.last]
    met = {scope.modality for scope in here} | set(cues)
    for modality in ORDER:
        if modality in met:
            speaker = next(
                (s.speaker for s in here if s.modality is Modality.ATTRIBUTED and s.speaker is not None), None
            )
            return modality, speaker if modality is Modality.ATTRIBUTED else None
    return Modality.ASSERTED, None
