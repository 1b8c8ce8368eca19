"""Fill a slot at a place in a sentence: entities with their lists, dates, numbers, closed choices, and
stretches of text.
"""

from __future__ import annotations

from ..statement import Basis, Span
from .compiled import Hole
from .context import Context, looks_personal
from .filler import Filler, after_bracket, list_joint, token_at
from .nodes import Node, Typing
from .scene import Mention, Scene
from .stretches import nouns, objects, text
from .values import parse_number


def fill_right(
    context: Context, scene: Scene, hole: Hole, at: int, stops: frozenset[int]
) -> tuple[int, list[Filler]] | None:
    """Return the values of a slot that start at a token, and the token after them; ``stops`` are tokens where
    a text ends.
    """
    if at >= len(scene.sentence):
        return None
    if hole.kind == "node":
        return _nodes(context, scene, hole, at)
    if hole.kind == "date":
        return _date(context, scene, hole, at)
    if hole.kind == "number":
        return _number(context, scene, hole, at)
    if hole.kind == "choice":
        return _choice(scene, hole, at)
    if hole.kind in ("title", "word"):
        return _title(context, scene, hole, at)
    if hole.kind == "object":
        return objects(context, scene, hole, at)
    return (
        nouns(context, scene, hole, at, stops)
        if hole.kind == "noun" or hole.many
        else text(context, scene, hole, at, stops)
    )


def _one(filler: Filler | None) -> tuple[int, list[Filler]] | None:
    return (filler.last, [filler]) if filler else None


# ---- entities ----


def _nodes(context: Context, scene: Scene, hole: Hole, at: int) -> tuple[int, list[Filler]] | None:
    found = entity(context, scene, hole, at)
    if found is None:
        return None
    fillers, end = [found], found.last
    while hole.many:
        at = list_joint(context, scene, _past_bracket(scene, fillers[-1]))
        following = entity(context, scene, hole, at) if at else None
        if following is None:
            break
        fillers.append(following)
        end = following.last
    kept = _before_clause(context, scene, fillers)
    open_choice = (
        token_at(scene, end) in context.lexis.alternatives and kept == fillers and scene.starting.get(end + 1)
    )
    return None if open_choice else (kept[-1].last, kept)


def _before_clause(context: Context, scene: Scene, fillers: list[Filler]) -> list[Filler]:
    """Cut a list where the next clause begins: "It expanded to Spain, and Jo Berg led", "When it was founded
    by Ada Lund, Jo Berg led".
    """
    end, low, english = fillers[-1].last, scene.sentence.low, context.lexis.english
    if len(fillers) < 2 or end >= len(low) or not context.book.is_finite(low[end]):
        return fillers
    opens = low[0] in english.words("subordinator") or low[0] in english.words("preposition")
    joined = context.lexis.joins(low[fillers[-1].first - 1])
    return fillers[:1] if opens or not joined else fillers[:-1]


def _past_bracket(scene: Scene, filler: Filler) -> int:
    """Return the token after a filler and a bracket after it, or one that a noun-phrase rule read up to its
    end.
    """
    words, end = scene.sentence.words, filler.last
    if end < len(words) and words[end] == ")" and "(" in words[filler.first : end]:
        return end + 1
    return after_bracket(scene, end)


def entity(context: Context, scene: Scene, hole: Hole, at: int) -> Filler | None:
    """Return the entity mentioned at a token that the slot's class admits, skipping a determiner."""
    sentence = scene.sentence
    classes = hole.shape.classes if hole.shape else ()
    for mention in scene.starting.get(at, ()):
        node = node_of(context, scene, mention, classes)
        if node is not None and _admits(context, node, classes, hole.typed):
            span = min(node.spellings.values()) if node.minted else scene.span(mention)
            return Filler(hole, node, mention.outer, mention.last, span, _antecedent(mention, node))
    described = _described_person(context, scene, hole, at, classes)
    if described is not None:
        return described
    if _is_object_pronoun(context, scene, at):
        node = pronoun(context, scene, at)
        if node is not None and _admits(context, node, classes, hole.typed):
            return Filler(hole, node, at, at + 1, sentence.cover(at, at + 1), node.last_span)
    return _lower_term(context, scene, hole, at, classes)


def _antecedent(mention: Mention, node: Node) -> Span | None:
    return node.last_span if mention.kind == "noun" and node.minted is None else None


def _described_person(
    context: Context, scene: Scene, hole: Hole, at: int, classes: tuple[str, ...]
) -> Filler | None:
    """ "the publisher Jo Berg": an occupation that no rule knows may stand between "the" and a person's
    name.
    """
    words, low = scene.sentence.words, scene.sentence.low
    if (
        token_at(scene, at) not in context.lexis.the | context.lexis.possessives
        or at + 2 >= len(low)
        or not words[at + 1].islower()
        or low[at + 1] in context.lexis.closed
    ):
        return None
    owned = low[at] in context.lexis.possessives  # "her pupil Sofia Lund", though Sofia is a city too
    for mention in scene.starting.get(at + 2, ()):
        node = mention.node
        if (
            mention.kind == "name"
            and node is not None
            and (context.may_be_person(node) or (owned and not node.types and looks_personal(node.label())))
            and _admits(context, node, classes, hole.typed)
        ):
            return Filler(hole, node, at, mention.last, scene.span(mention))
    return None


def _is_object_pronoun(context: Context, scene: Scene, at: int) -> bool:
    """ "it", "him", "her"; but in "her debut" the word is a determiner."""
    low = scene.sentence.low
    if at >= len(low) or low[at] not in context.lexis.object_pronouns:
        return False
    following = low[at + 1] if at + 1 < len(low) else "."
    return (
        low[at] not in context.lexis.either_pronouns
        or following in context.lexis.closed
        or not following[0].isalpha()
    )


def _admits(context: Context, node: Node, classes: tuple[str, ...], typed: bool) -> bool:
    if typed and not classes:
        return bool(node.types)
    if typed:
        return any(context.domain.is_a(known, cls) for known in node.types for cls in classes)
    return not classes or any(context.nodes.fits(node, cls) for cls in classes)


def _lower_term(
    context: Context, scene: Scene, hole: Hole, at: int, classes: tuple[str, ...]
) -> Filler | None:
    """An instance named without a capital by a term rule."""
    sentence = scene.sentence
    if at < len(sentence) and sentence.low[at] in context.lexis.articles:
        at += 1
    if at >= len(sentence) or not context.lexis.may_be_term(sentence.low[at]):
        return None
    for last in range(min(at + 3, len(sentence)), at, -1):
        term = context.lexis.term(" ".join(sentence.low[at:last]))
        if term is not None and any(context.domain.is_a(term[0], cls) for cls in classes):
            span = sentence.cover(at, last)
            node = context.nodes.name(sentence.words_of(at, last), span)
            if node is context.nodes.subject:
                return None
            context.nodes.add_type(node, term[0], Typing(term[1], Basis.INFERRED, span))
            return Filler(hole, node, at, last, span)
    return None


def node_of(context: Context, scene: Scene, mention: Mention, classes: tuple[str, ...]) -> Node | None:
    """Return the node that a mention stands for, minted for a described group or event if the slot wants
    one.
    """
    if mention.node is not None:
        return mention.node
    if mention.kind == "noun" and mention.cls is not None:
        if mention.cls in context.book.minted:
            return _mint(context, scene, mention, classes)
        return resolve(context, scene, mention) if mention.definite else None
    if mention.kind == "quote" and classes and scene.sentence.words[mention.first][0].isupper():
        return context.nodes.name(scene.text(mention), scene.span(mention))
    return None


def _mint(context: Context, scene: Scene, mention: Mention, classes: tuple[str, ...]) -> Node | None:
    """A group or an event that is only described gets a node of its own; one with "the" was spoken of
    before.
    """
    cls = mention.cls or ""
    if not mention.plural and any(c in context.domain.minted_plural for c in context.domain.ancestors[cls]):
        return None
    if not any(context.domain.is_a(cls, wanted) for wanted in classes) or (
        mention.definite and mention.first - mention.outer < 2
    ):
        return None
    if mention.outer > 0 and scene.sentence.low[mention.outer - 1] in context.lexis.english.words("negator"):
        return None
    start = min(mention.outer + (mention.definite is not None), mention.first)
    while start < mention.first and scene.sentence.low[start] in context.lexis.english.words("quantity"):
        start += 1
    if any(word in context.lexis.hedges for word in scene.sentence.low[start : mention.first]):
        return None
    span = scene.sentence.cover(start, mention.last)
    node = context.nodes.mint(cls, scene.sentence.words_of(start, mention.last), span)
    context.nodes.add_type(node, cls, Typing(mention.rule or "", Basis.STATED, span))
    return node


def resolve(context: Context, scene: Scene, mention: Mention) -> Node | None:
    """Return what a definite class noun ("the party") points back to: the focus, or the subject or another if
    none rivals it.

    The subject must be called that noun by the text, or be of a class below the noun's. A noun with words of
    its own, before it or after
    it, points to nothing before.
    """
    cls, noun = mention.cls or "", scene.sentence.low[mention.last - 1]
    if mention.plural or mention.first - mention.outer > 1 or is_restricted(context, scene, mention.last):
        return None

    def fits(node: Node | None) -> bool:
        if node is context.nodes.subject and noun in context.subject_nouns:
            return True
        return node is not None and any(context.domain.is_a(known, cls) for known in node.types)

    last = next((node for node in reversed(context.recent) if fits(node)), context.nodes.subject)
    node = context.focus if fits(context.focus) else last
    if node is not context.nodes.subject:
        return node if node is context.focus or not fits(context.nodes.subject) else None
    general = all(known != cls for known in node.types)
    return node if fits(node) and (general or noun in context.subject_nouns) else None


def is_restricted(context: Context, scene: Scene, at: int) -> bool:
    """Tell whether a tail says which one is meant ("the party of", "the coalition led by"): then it points to
    nothing before.
    """
    english, following = context.lexis.english, token_at(scene, at)
    participle = following[-2:] in ("ed", "en")
    return following in english.words("restricting") or (
        participle and token_at(scene, at + 1) in english.words("agent-preposition")
    )


def pronoun(context: Context, scene: Scene, at: int) -> Node | None:
    """Return what a pronoun stands for, or None when that is not plain."""
    english, word = context.lexis.english, scene.sentence.low[at]
    if word in english.words("pronoun-he"):
        before = [
            m.node
            for last in sorted(scene.ending)
            if last <= at
            for m in scene.ending[last]
            if m.node is not None and m.kind == "name"
        ]
        return _he(context, before)
    node = context.focus
    if (
        word in english.words("pronoun-many") | english.words("possessive-many")
        and node is not context.nodes.subject
    ):
        return node if node is not None and node.minted else None
    return node if node is not None and not context.is_person(node) else None


def _he(context: Context, before: list[Node]) -> Node | None:
    """The last known person of the sentence, the last sentence's subject, the article's; else the only name
    of a person's shape.
    """
    typed = [node for node in before if context.is_person(node)]
    if typed or context.person is not None:
        return typed[-1] if typed else context.person
    if context.is_person(context.nodes.subject):
        return context.nodes.subject
    shaped = {node for node in before if context.may_be_person(node)}
    return shaped.pop() if len(shaped) == 1 else None


# ---- values ----


def _date(context: Context, scene: Scene, hole: Hole, at: int) -> tuple[int, list[Filler]] | None:
    for start in (at, at - 1, at + 1):
        for mention in scene.starting.get(start, ()):
            if (
                mention.kind == "date"
                and mention.value is not None
                and mention.last > at
                and mention.value.lexical is not None
            ):
                value = mention.value
                if token_at(scene, mention.last) in context.lexis.alternatives:
                    return None
                if start < at and value.parts:
                    value = value.parts[0]
                return _one(Filler(hole, value, at, mention.last, scene.span(mention)))
    return None


def _number(context: Context, scene: Scene, hole: Hole, at: int) -> tuple[int, list[Filler]] | None:
    """An exact number in digits; "about 40" is none."""
    sentence = scene.sentence
    if not sentence.words[at][0].isdigit() or (
        at > 0 and sentence.low[at - 1] in context.lexis.english.words("approximate")
    ):
        return None
    last = at + 1
    last += token_at(scene, last) in context.lexis.english.words("scale")
    value = parse_number(sentence.words_of(at, last))
    if value is None or value.lexical is None or not value.exact:
        return None
    return _one(Filler(hole, value, at, last, sentence.cover(at, last)))


def _choice(scene: Scene, hole: Hole, at: int) -> tuple[int, list[Filler]] | None:
    sentence = scene.sentence
    values = hole.shape.values if hole.shape else {}
    for last in range(min(at + 4, len(sentence)), at, -1):
        words = sentence.words_of(at, last).lower()
        if words in values:
            return _one(Filler(hole, values[words], at, last, sentence.cover(at, last)))
    return None


def _title(context: Context, scene: Scene, hole: Hole, at: int) -> tuple[int, list[Filler]] | None:
    if scene.sentence.low[at] in context.lexis.the and at + 1 < len(scene.sentence):
        at += 1
    for mention in scene.starting.get(at, ()):
        if mention.kind in ("quote", "name"):
            return _one(
                Filler(hole, scene.span(mention), at, _after_quote(scene, mention), scene.span(mention))
            )
    return None


def _after_quote(scene: Scene, mention: Mention) -> int:
    closes = mention.last < len(scene.sentence) and scene.sentence.words[mention.last] in "”\"’'"
    return mention.last + (mention.kind == "quote" and closes)
