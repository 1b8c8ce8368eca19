"""Who does what: walk left from a verb over its verb group to its subject, noting what makes the clause less
than asserted.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..statement import Modality, Span
from .compiled import Hole
from .context import Context
from .fill import node_of, pronoun
from .filler import Filler
from .nodes import Node
from .scene import Mention, Scene

MAX_LIST = 12


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject's fillers, the token where it starts, and the modalities that the verb group gives the
    clause.
    """

    fillers: tuple[Filler, ...]
    first: int
    cues: tuple[Modality, ...] = ()


def verb_group(context: Context, scene: Scene, at: int, form: str) -> tuple[int, tuple[Modality, ...]] | None:
    """Walk left from a verb over auxiliaries and adverbs; None for a bare infinitive, which says nothing of
    what was done.
    """
    low, lexis = scene.sentence.low, context.lexis
    cues: list[Modality] = []
    while at > 0:
        word = low[at - 1]
        if word in lexis.infinitive_markers:
            step = _infinitive(context, low, at)
            if step is None:
                return None
            at, cue = step
            cues += [cue] if cue else []
        elif word in lexis.negators or word.endswith("n't"):
            cues.append(Modality.NEGATED)
            at -= 1
        elif word in lexis.hedges or word in lexis.hedge_modals:
            cues.append(Modality.HEDGED)
            at -= 1
        elif (
            lexis.is_adverb(word)
            or word in lexis.group_verbs
            or (word in lexis.be and word != "'s" and (form == "ing" or cues))
        ):
            at -= 1
        else:
            break
    return at, tuple(cues)


def _infinitive(context: Context, low: list[str], at: int) -> tuple[int, Modality | None] | None:
    english = context.lexis.english
    before = at - 2
    if before >= 0 and low[before] in english.words("verb-particle"):
        before -= 1
    if before < 0:
        return None
    for name, cue in (
        ("realised-verb", None),
        ("denying-verb", Modality.NEGATED),
        ("hedge-verb", Modality.HEDGED),
    ):
        if low[before] in english.words(name):
            return before, cue
    return None


def find_subject(
    context: Context, scene: Scene, hole: Hole, at: int, form: str, *, reduced: bool
) -> Subject | None:
    """Return the subject of a verb whose group starts at a token."""
    cues: tuple[Modality, ...] = ()
    if reduced:
        at = _skip_adverbs(context, scene, at)
    else:
        group = verb_group(context, scene, at, form)
        if group is None:
            return None
        at, cues = group
    found = (
        _participle(context, scene, hole, at)
        if reduced or form == "ing"
        else _finite(context, scene, hole, at, form)
    )
    return Subject(tuple(found), found[0].first, cues) if found else None


def _skip_adverbs(context: Context, scene: Scene, at: int) -> int:
    while at > 0 and context.lexis.is_adverb(scene.sentence.low[at - 1]):
        at -= 1
    return at


def _finite(context: Context, scene: Scene, hole: Hole, at: int, form: str) -> list[Filler]:
    low = scene.sentence.low
    if at == 0:
        return _elided(scene, hole)
    word, english = low[at - 1], context.lexis.english
    if word in english.words("relative"):
        return _relative(context, scene, hole, at - 1)
    joints = context.lexis.clause_joints
    if word in joints or (word == "," and at > 1 and low[at - 2] in joints):
        realised = form != "base" or any(verb in english.words("realised-verb") for verb in low[:at])
        return _main(context, scene, hole, at - 1) if realised else []
    if word == ",":
        return _after_apposition(context, scene, hole, at)
    return _listed(context, scene, hole, _before_bracket(scene, at))


def _elided(scene: Scene, hole: Hole) -> list[Filler]:
    """A row's value read as a clause is about the row's subject."""
    return [Filler(hole, scene.elided, 0, 0, scene.sentence.cover(0, 1))] if scene.elided is not None else []


def _relative(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    comma = at > 0 and scene.sentence.words[at - 1] == ","
    return _mention_ending(context, scene, hole, _before_bracket(scene, at - comma), prepositional=True)


def _participle(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    """A participle takes the noun right before it; after a comma the main subject, unless the noun before is
    an object.
    """
    words = scene.sentence.words
    if at == 0 and scene.elided is not None:
        return _elided(scene, hole)
    if at == 0 or words[at - 1] == ",":
        nearest = (
            _mention_ending(context, scene, hole, _before_bracket(scene, at - 1), prepositional=False)
            if at > 1
            else []
        )
        form_is_ing = at < len(words) and scene.sentence.low[at].endswith("ing")
        if nearest and not form_is_ing:
            return nearest
        if at > 1 and not form_is_ing and _governed(context, scene, _before_bracket(scene, at - 1)):
            return []
        return _main(context, scene, hole, at)
    if words[at - 1] in context.lexis.clause_joints:
        return _main(context, scene, hole, at - 1)
    return _mention_ending(context, scene, hole, _before_bracket(scene, at), prepositional=True)


def _governed(context: Context, scene: Scene, at: int) -> bool:
    """Tell whether a name that ends at a token stands after a preposition other than of place: what follows
    may be about it.
    """
    low, english = scene.sentence.low, context.lexis.english
    befores = [
        low[m.outer - 1] for m in scene.ending.get(at, ()) if m.outer > 0 and m.kind in ("name", "phrase")
    ]
    return any(
        word in english.words("preposition") and word not in english.words("locative") for word in befores
    )


def _main(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    """The sentence's main subject, unless a subordinate clause lies between."""
    mention = scene.subject
    if mention is None or scene.subject_node is None:
        return []
    low, english = scene.sentence.low, context.lexis.english
    if mention.last <= at and any(word in english.words("subordinator") for word in low[mention.last : at]):
        return []
    if not _fits(context, scene.subject_node, hole):
        return []
    span = scene.span(mention)
    return [Filler(hole, scene.subject_node, mention.outer, mention.last, span, _antecedent(mention, scene))]


def _antecedent(mention: Mention, scene: Scene) -> Span | None:
    return (
        scene.subject_node.last_span
        if scene.subject_node is not None and mention.kind in ("noun", "pronoun")
        else None
    )


def _after_apposition(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    mention = scene.subject
    if mention is None or mention.last >= at:
        return []
    after = _past_bracket(scene, mention.last)
    return _main(context, scene, hole, at) if after < at and scene.sentence.words[after] == "," else []


def _past_bracket(scene: Scene, at: int) -> int:
    words = scene.sentence.words
    while at < len(words) and words[at] == "(":
        at = words.index(")", at) + 1 if ")" in words[at:] else len(words)
    return at


def _before_bracket(scene: Scene, at: int) -> int:
    """Return the token where a bracket that closes right before a token opens, or the token itself."""
    words = scene.sentence.words
    if at > 0 and words[at - 1] == ")":
        for index in range(at - 2, -1, -1):
            if words[index] == "(":
                return index
    return at


def _fits(context: Context, node: object, hole: Hole) -> bool:
    classes = hole.shape.classes if hole.shape else ()
    return isinstance(node, Node) and (not classes or any(context.nodes.fits(node, cls) for cls in classes))


def _mention_ending(
    context: Context, scene: Scene, hole: Hole, at: int, *, prepositional: bool
) -> list[Filler]:
    """Return the mention that ends at a token; after a preposition only if ``prepositional``."""
    low, english = scene.sentence.low, context.lexis.english
    classes = hole.shape.classes if hole.shape else ()
    for mention in scene.ending.get(at, ()):
        node = node_of(context, scene, mention, classes)
        governed = mention.outer > 0 and low[mention.outer - 1] in english.words("preposition")
        if node is None or not _fits(context, node, hole) or (governed and not prepositional):
            continue
        antecedent = node.last_span if mention.kind == "noun" else None
        return [Filler(hole, node, mention.outer, mention.last, scene.span(mention), antecedent)]
    return []


def _listed(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    """A mention right before the verb, with those that "and" and commas join to it, or a pronoun."""
    low = scene.sentence.low
    last = _mention_ending(context, scene, hole, at, prepositional=False) or _pronoun_before(
        context, scene, hole, at
    )
    found = list(last)
    while hole.many and found and found[0].first > 1 and len(found) < MAX_LIST:
        joint = found[0].first
        joint -= context.lexis.joins(low[joint - 1])
        joint -= joint > 0 and low[joint - 1] == ","
        before = (
            _mention_ending(context, scene, hole, joint, prepositional=False)
            if joint < found[0].first
            else []
        )
        if not before:
            break
        found = before + found
    if last and not hole.many and last[0].first > 0 and low[last[0].first - 1] in context.lexis.joints:
        return []
    return _without_object(context, scene, found)


def _without_object(context: Context, scene: Scene, found: list[Filler]) -> list[Filler]:
    """Cut a list that begins as another verb's object: "After meeting Ada Lund, Jo Berg founded", "It left
    Spain and Jo Berg led".
    """
    low = scene.sentence.low
    if len(found) < 2:
        return found
    if low[found[-1].first - 1] == ",":
        return found[-1:]
    before = low[found[0].first - 1] if found[0].first else ""
    governed = before.endswith("ing") or (before.isalpha() and context.book.is_finite(before))
    return found[1:] if governed else found


def _pronoun_before(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    if at == 0 or scene.sentence.low[at - 1] not in context.lexis.pronouns:
        return []
    node = pronoun(context, scene, at - 1)
    if node is None or not _fits(context, node, hole):
        return []
    return [Filler(hole, node, at - 1, at, scene.sentence.cover(at - 1, at), node.last_span)]


def main_subject(context: Context, scene: Scene) -> Mention | None:
    """Return the mention in subject position, at the start or after opening adverbials."""
    sentence = scene.sentence
    at, tries = 0, 0
    opening = context.lexis.openings
    while at < len(sentence) and tries < 4:
        tries += 1
        mention = _subject_at(context, scene, at)
        if mention is not None:
            return mention
        date = scene.date_at(at) or scene.date_at(at + 1)
        if date is not None and (at == date.first or sentence.low[at] in opening):
            at = date.last + (date.last < len(sentence) and sentence.words[date.last] == ",")
        elif (
            sentence.low[at] in opening
            or context.lexis.is_adverb(sentence.low[at])
            or sentence.low[at].endswith(("ed", "ing"))
        ):
            comma = next(
                (i for i in range(at, min(len(sentence), at + 18)) if sentence.words[i] == ","), None
            )
            if comma is None:
                return None
            at = comma + 1
        else:
            return None
    return None


def _subject_at(context: Context, scene: Scene, at: int) -> Mention | None:
    for mention in scene.starting.get(at, ()):
        if mention.kind in ("name", "noun", "phrase"):
            return mention
    if at < len(scene.sentence) and scene.sentence.low[at] in context.lexis.pronouns:
        return Mention(at, at + 1, at, "pronoun", pronoun(context, scene, at))
    return None
