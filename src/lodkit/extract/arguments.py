"""Fill a slot from an argument of a clause: its noun phrases are known, what they stand for is read."""

from __future__ import annotations

from dataclasses import replace

from ..language.clause_parts import Argument
from ..language.tags import Bounds
from .compiled import Hole
from .context import Context
from .fill import entity, fill_right, node_of, pronoun
from .filler import Filler, token_at
from .nodes import Node
from .scene import Scene


def fill_argument(context: Context, scene: Scene, hole: Hole, argument: Argument) -> list[Filler] | None:
    """Return the values that the noun phrases of an argument give a slot; None where they give none."""
    read = _READERS.get(hole.kind, _by_start)
    found = read(context, scene, hole, argument)
    return found or None


def _nodes(context: Context, scene: Scene, hole: Hole, argument: Argument) -> list[Filler]:
    found: list[Filler] = []
    for part in argument.parts:
        filler = None if _is_open(context, scene, part) else _node(context, scene, hole, part)
        if filler is not None and filler.value not in [known.value for known in found]:
            found.append(filler)
        if found and not hole.many:
            break
    if _is_choice(context, scene, argument):
        return []
    return found


def _is_open(context: Context, scene: Scene, part: Bounds) -> bool:
    """Tell whether a hedge or a denial stands before one of a list: "and possibly Jo Berg"."""
    word = scene.sentence.low[part[0] - 1] if part[0] else ""
    return word in context.lexis.hedges or word in context.lexis.negators


def _is_choice(context: Context, scene: Scene, argument: Argument) -> bool:
    """ "A or B" leaves open which."""
    low = scene.sentence.low
    return any(low[part[0] - 1] in context.lexis.alternatives for part in argument.parts if part[0])


def _node(context: Context, scene: Scene, hole: Hole, part: Bounds) -> Filler | None:
    """The entity that a noun phrase names: the mention that ends where the phrase does, or a term."""
    low = scene.sentence.low
    classes = hole.shape.classes if hole.shape else ()
    if part[1] - part[0] == 1 and low[part[0]] in context.lexis.pronouns:
        return _of_pronoun(context, scene, hole, part)
    if token_at(scene, part[1]) == "'s":
        return None
    longer = [m for m in scene.starting.get(part[0], ()) if m.kind == "phrase" and m.last > part[1]]
    for mention in (*longer, *scene.ending.get(part[1], ())):
        if mention.last <= part[0] or mention.outer < part[0]:
            continue
        node = node_of(context, scene, mention, classes)
        taken = _taking(context, hole, node) if node is not None else None
        if node is not None and taken is not None:
            antecedent = node.last_span if mention.kind == "noun" and node.minted is None else None
            span = min(node.spellings.values()) if node.minted else scene.span(mention)
            return Filler(taken, node, mention.outer, mention.last, span, antecedent)
    found = entity(context, scene, hole, part[0])
    named = token_at(scene, part[1]) in context.lexis.naming
    return found if found is not None and (found.last == part[1] or named) else None


def _of_pronoun(context: Context, scene: Scene, hole: Hole, part: Bounds) -> Filler | None:
    if scene.sentence.low[part[0]] in context.lexis.english.words("reflexive"):
        return None
    node = thing_before(context, scene, part[0]) or pronoun(context, scene, part[0])
    taken = _taking(context, hole, node) if node is not None else None
    if node is None or taken is None:
        return None
    return Filler(taken, node, part[0], part[1], scene.sentence.cover(*part), node.last_span)


def thing_before(context: Context, scene: Scene, at: int) -> Node | None:
    """Whom "it" and "its" stand for within a sentence: a named thing that is its subject before them."""
    english, subject = context.lexis.english, scene.subject
    word = scene.sentence.low[at]
    if word not in english.words("pronoun-thing") | english.words("possessive-thing") or subject is None:
        return None
    node = scene.subject_node
    named = subject.kind in ("name", "phrase") and subject.last <= at
    return node if named and node is not None and not context.is_person(node) else None


def _taking(context: Context, hole: Hole, node: Node) -> Hole | None:
    """Return the slot as it takes a node, or None; the article's subject may stand where the class is wanted
    beforehand, if nothing says what it is and it is nobody.
    """
    classes = hole.shape.classes if hole.shape else ()
    if hole.typed and not node.types and node is context.nodes.subject:
        fits = context.subject_is_personal() == hole.personal
        return replace(hole, typed=False) if fits else None
    if hole.typed and hole.personal and node.types and context.may_be_person(node):
        return replace(hole, typed=False)  # of whom only is known that they did something
    if hole.typed:
        known = any(context.domain.is_a(known, cls) for known in node.types for cls in classes)
        return hole if (known if classes else node.types) else None
    fits = not classes or any(context.nodes.fits(node, cls) for cls in classes)
    return hole if fits else None


def _dates(context: Context, scene: Scene, hole: Hole, argument: Argument) -> list[Filler]:
    for first in range(*argument.parts[0]):
        if any(m.kind == "date" and m.first == first for m in scene.starting.get(first, ())):
            found = fill_right(context, scene, hole, first, frozenset())
            return found[1] if found is not None else []
    return []


def _numbers(context: Context, scene: Scene, hole: Hole, argument: Argument) -> list[Filler]:
    low = scene.sentence.low
    for first in range(*argument.parts[0]):
        if low[first][0].isdigit():
            found = fill_right(context, scene, hole, first, frozenset())
            return found[1] if found is not None else []
    return []


def _objects(context: Context, scene: Scene, hole: Hole, argument: Argument) -> list[Filler]:
    """Noun phrases as words, with what belongs to them: "pensions for widows"."""
    low, lexis = scene.sentence.low, context.lexis
    last = argument.parts[-1][0]
    joined = lexis.joins(low[last - 1]) or low[last - 1] in lexis.alternatives
    parts = argument.parts if joined else argument.parts[:1]  # "the Guide, a yearly book" is one thing
    if _shares_head(context, scene, parts):
        parts = ((parts[0][0], parts[-1][1]),)
    found = [_object(context, scene, hole, part, argument.preposition) for part in parts]
    kept = [filler for filler in found if filler is not None]
    return kept if hole.many else kept[:1]


def _shares_head(context: Context, scene: Scene, parts: tuple[Bounds, ...]) -> bool:
    """Tell whether what is joined are modifiers of one noun: "beer and cider festivals", "liberal and
    conservative forces".
    """
    low = scene.sentence.low
    if len(parts) < 2 or parts[-1][1] - parts[-1][0] < 2:
        return False
    bare = [part for part in parts[:-1] if part[1] - part[0] == 1 and scene.sentence.words[part[0]].islower()]
    adjective = any(context.phrases.is_adjective(scene.sentence, part) for part in bare)
    plural = low[parts[-1][1] - 1].endswith("s") and low[parts[-1][0]] not in context.lexis.closed
    single = len(parts) == 2 and bool(bare) and not low[parts[0][0]].endswith("s") and plural
    return adjective or single


def _object(context: Context, scene: Scene, hole: Hole, part: Bounds, preposition: str) -> Filler | None:
    sentence, english = scene.sentence, context.lexis.english
    low, (first, last) = sentence.low, part
    if low[first] in english.words("negator") or low[first] in context.lexis.pronouns:
        return None
    if last - first == 1 and low[first].endswith("ing") and low[first] not in english.words("noun-like-verb"):
        return None
    while first < last and low[first] in english.words("determiner"):
        first += 1
    if first >= last or not low[last - 1][0].isalpha() or low[last - 1] in english.words("empty-noun"):
        return None
    if _is_amount(context, scene, first, last):
        return None
    if preposition and hole.kind == "object" and sentence.words[last - 1][0].isupper():
        return None  # a place, more likely than what is done
    last = _with_tail(context, scene, last)
    span = sentence.cover(first, last)
    return Filler(hole, span, first, last, span)


def _is_amount(context: Context, scene: Scene, first: int, last: int) -> bool:
    """Tell whether a noun phrase says how many or how much, which rules for quantities read: "1,250 members",
    "a net profit of US$12.5 million".
    """
    low, english = scene.sentence.low, context.lexis.english
    if low[first][0].isdigit() or low[first] in english.words("approximate"):
        return True
    after = last + 1 if token_at(scene, last) in english.words("object-preposition") else len(low)
    return any(word[0].isdigit() or word in _SIGNS for word in low[after : after + 2])


_SIGNS = frozenset("$€£¥")


def _with_tail(context: Context, scene: Scene, last: int) -> int:
    """Return the token after a noun phrase and what belongs to it with "of", "for" and the like."""
    low, english = scene.sentence.low, context.lexis.english
    if last + 1 < len(low) and low[last] in context.lexis.naming:
        named = [m.last for m in scene.starting.get(last + 1, ()) if m.kind in ("name", "quote", "phrase")]
        last = max(named, default=last)
    while last + 1 < len(low) and low[last] in english.words("object-preposition"):
        after = last + 1 + (low[last + 1] in context.lexis.articles)
        names = [m.last for m in scene.starting.get(after, ()) if m.kind in ("name", "phrase")]
        phrase = context.phrases.at(scene.sentence, last + 1)
        end = max([*names, *([phrase.last] if phrase else [])], default=last)
        if end <= last or _is_cut(context, scene, end):
            return last
        last = end
    return last


def _is_cut(context: Context, scene: Scene, end: int) -> bool:
    """Tell whether a phrase ends inside a sum ("US$15"), or in a noun that says nothing ("on the basis")."""
    sentence = scene.sentence
    glued = (
        end < len(sentence)
        and sentence.starts[end] == sentence.ends[end - 1]
        and sentence.words[end] in _SIGNS
    )
    return glued or sentence.low[end - 1] in context.lexis.english.words("empty-noun")


def _by_start(context: Context, scene: Scene, hole: Hole, argument: Argument) -> list[Filler]:
    found = fill_right(context, scene, hole, argument.at, frozenset())
    return found[1] if found is not None else []


_READERS = {"node": _nodes, "date": _dates, "number": _numbers, "object": _objects, "noun": _objects}
