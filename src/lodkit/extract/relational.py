"""Relational nouns: whose they are, and who or what they name, as in "its first chair, the poet Ada Lund" and
"the motto of the guild is".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..domain import Domain, Relation
from ..statement import Basis, Modality, Span
from .arguments import thing_before
from .compiled import Hole
from .context import Context, Reading
from .fill import entity, fill_right, node_of, pronoun
from .filler import Filler, after_bracket, token_at
from .mentions import heads_phrase
from .modality import Scope, modality_at
from .nodes import Node
from .scene import Mention, Scene

MAX_MODIFIERS = 4
"""How many words may stand between whose a noun is and the noun."""
MAX_DESCRIPTION = 5
"""How many words may stand before a name that they describe: "the clandestine monthly Talon"."""


@dataclass(frozen=True, slots=True)
class Found:
    """A relational noun at tokens ``first`` to ``last``; ``end`` is after what says whose it is."""

    rule: Relation
    first: int
    last: int
    end: int
    owner: Node
    owner_span: Span | None


@lru_cache(maxsize=8)
def relations_of(domain: Domain) -> Mapping[str, tuple[tuple[tuple[str, ...], Relation], ...]]:
    """Return the relational nouns by their first word, the longest first."""
    index: dict[str, list[tuple[tuple[str, ...], Relation]]] = {}
    for rule in domain.relations:
        for noun in rule.nouns:
            words = tuple(noun.lower().replace("'s", " 's").split())
            index.setdefault(words[0], []).append((words, rule))
    return {word: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for word, found in index.items()}


def read_relational(context: Context, scene: Scene, scopes: list[Scope]) -> None:
    """Read what a sentence says with relational nouns."""
    index, low = relations_of(context.domain), scene.sentence.low
    at = 0
    while at < len(low):
        words, rules = _at(index, low, at)
        for rule in rules:
            found = _owned(context, scene, rule, at, at + len(words))
            if found is not None:
                _read(context, scene, found, scopes)
        at += max(1, len(words))


def _at(
    index: Mapping[str, tuple[tuple[tuple[str, ...], Relation], ...]], low: list[str], at: int
) -> tuple[tuple[str, ...], list[Relation]]:
    """The longest noun that stands at a token, with the rules that have it."""
    longest: tuple[str, ...] = ()
    rules: list[Relation] = []
    for words, rule in index.get(low[at], ()):
        if len(words) >= len(longest) and tuple(low[at : at + len(words)]) == words:
            longest = words
            rules.append(rule)
    return longest, rules


# ---- whose it is


def _owned(context: Context, scene: Scene, rule: Relation, first: int, last: int) -> Found | None:
    if scene.quoted(first) or (scene.sentence.words[first][0].isupper() and first > 0):
        return None
    if token_at(scene, last) == "'s" or not heads_phrase(context, scene.sentence, last):
        return None
    start = _start(context, scene, first)
    low = scene.sentence.low
    before = low[start - 1] if start else ""
    of = token_at(scene, last) in context.lexis.english.words("genitive")
    if before == "'s" or before in context.lexis.possessives:
        return None if of else _possessed(context, scene, rule, (start, first, last))
    if of:
        return _genitive(context, scene, rule, first, last)
    return _of_focus(context, scene, rule, (start, first, last))


def _start(context: Context, scene: Scene, first: int) -> int:
    """The token after the determiner or the owner of a noun."""
    low, words = scene.sentence.low, scene.sentence.words
    start = first
    while start > 0 and first - start < MAX_MODIFIERS:
        word = low[start - 1]
        plain = words[start - 1][0].isalpha() and words[start - 1][0].islower()
        if not plain or (word in context.lexis.closed and word not in context.lexis.english.words("rank")):
            break
        if word in context.book.verbs and not word.endswith("ed"):
            break
        start -= 1
    return start


def _possessed(context: Context, scene: Scene, rule: Relation, at: tuple[int, int, int]) -> Found | None:
    start, first, last = at
    low = scene.sentence.low
    if low[start - 1] != "'s":
        node = _possessor(context, scene, start - 1)
        span = scene.sentence.cover(start - 1, start)
        return _fitting(context, rule, Found(rule, first, last, last, node, span)) if node else None
    for mention in scene.ending.get(start - 1, ()):
        node = node_of(context, scene, mention, ())
        if node is not None:
            found = Found(rule, first, last, last, node, scene.span(mention))
            return _fitting(context, rule, found)
    return None


def _possessor(context: Context, scene: Scene, at: int) -> Node | None:
    """Whom "its" stands for: the thing that is the subject before it; nobody if that is not plain."""
    low, english = scene.sentence.low, context.lexis.english
    if any(word in english.words("one-of-two") for word in low[:at]):
        return None
    if low[at] in english.words("possessive-person"):
        return pronoun(context, scene, low.index(low[at]))  # "his wife Ada and his son Jo" are one man's
    return thing_before(context, scene, at) or pronoun(context, scene, at)


def _genitive(context: Context, scene: Scene, rule: Relation, first: int, last: int) -> Found | None:
    for mention in scene.starting.get(last + 1, ()):
        node = node_of(context, scene, mention, ())
        if node is not None and heads_phrase(context, scene.sentence, mention.last):
            found = Found(rule, first, last, mention.last, node, scene.span(mention))
            return _fitting(context, rule, found)
    return None


def _of_focus(context: Context, scene: Scene, rule: Relation, at: tuple[int, int, int]) -> Found | None:
    """ "The current chair is …": of what is spoken of; "has a section called": of the subject."""
    start, first, last = at
    low, english = scene.sentence.low, context.lexis.english
    determiner = low[start - 1] if start else ""
    if determiner in english.words("indefinite") and start > 1 and low[start - 2] in english.words("have"):
        named = token_at(scene, last) in context.lexis.naming or token_at(scene, last) == ","
        node = scene.subject_node if named else None
    elif determiner in context.lexis.the and (start == 1 or low[start - 2] in ("and", ";", ",")):
        copula = token_at(scene, last) in english.words("be")
        node = context.focus if copula else None
    else:
        return None
    if node is None or context.is_person(node):
        return None
    return _fitting(context, rule, Found(rule, first, last, last, node, None))


def _fitting(context: Context, rule: Relation, found: Found) -> Found | None:
    """The noun as one of what may have it; of what nothing is known only the article's subject."""
    target = rule.target
    if any(context.domain.is_a(known, target) for known in found.owner.types):
        return found
    untyped = not found.owner.types and found.owner is context.nodes.subject
    return found if untyped and not context.subject_is_personal() else None


# ---- who or what it names


def _read(context: Context, scene: Scene, found: Found, scopes: list[Scope]) -> None:
    named = _named(context, scene, found)
    if named is None:
        return
    at, cues, verb = named
    hole = Hole(found.rule.slot, found.rule.shape, True, found.rule.kind)
    fillers = _values(context, scene, hole, at)
    modality, speaker = modality_at(scopes, verb, cues)
    for filler in fillers:
        if filler.value is found.owner:
            continue
        span = Span(
            min(scene.sentence.starts[found.first], filler.span.start),
            max(scene.sentence.ends[found.last - 1], filler.span.end),
        )
        antecedent = found.owner.last_span if found.owner_span is None else None
        reading = Reading(
            found.owner,
            found.rule.shape,
            filler.value,
            found.rule.iri,
            span,
            modality,
            found.owner_span,
            filler.span,
            filler.antecedent or antecedent,
            speaker,
        )
        _keep(context, found, reading)


def _keep(context: Context, found: Found, reading: Reading) -> None:
    owner = found.owner
    if not owner.types:
        context.give_type(owner, found.rule.target, found.rule.iri, Basis.INFERRED, reading.span)
    if isinstance(reading.value, Node) and not context.give_slot_type(reading.value, reading):
        return
    context.readings.append(reading)


def _named(context: Context, scene: Scene, found: Found) -> tuple[int, list[Modality], int] | None:
    """The token where what a noun names begins, what leaves that open, and the token of the verb, if any."""
    low, english, at = scene.sentence.low, context.lexis.english, found.end
    word = token_at(scene, at)
    copula = _after_copula(context, scene, at)
    if copula is not None:
        return None if _is_governed(context, scene, found) else copula
    if word == ",":
        return _apposed(context, scene, found, at + 1)
    if word in context.lexis.naming:
        return at + 1, [], found.first
    if word == "(" and found.rule.kind == "node":
        return at + 1, [], found.first
    beside = any(m.kind in ("name", "quote") for m in scene.starting.get(at, ()))
    if beside and found.end == found.last:
        return at, [], found.first
    gapped = word in english.words("article") and any(
        verb in english.words("be") for verb in low[: found.first]
    )
    return (at, [], found.first) if gapped and found.end == found.last else None


def _is_governed(context: Context, scene: Scene, found: Found) -> bool:
    """Tell whether the noun with its owner stands after a preposition: "the leader of its rival is"."""
    sentence = scene.sentence
    start = _start(context, scene, found.first) - 1
    if found.owner_span is not None:
        start = min(start, sentence.index_at(found.owner_span.start))
    while start > 0 and sentence.low[start - 1] in context.lexis.articles:
        start -= 1
    return start > 0 and sentence.low[start - 1] in context.lexis.english.words("genitive")


def _after_copula(context: Context, scene: Scene, at: int) -> tuple[int, list[Modality], int] | None:
    """After "is", "was", "has been", with adverbs."""
    low, english, lexis = scene.sentence.low, context.lexis.english, context.lexis
    cues: list[Modality] = []
    verb, has = -1, False
    while at < len(low):
        word = low[at]
        if word in english.words("negator"):
            cues.append(Modality.NEGATED)
        elif word in english.words("hedge") or word in lexis.hedge_modals:
            cues.append(Modality.HEDGED)
        elif word in english.words("be") or word in english.words("copula"):
            verb = at
        elif word in english.words("have") and verb < 0:
            has = True
        elif not (lexis.is_adverb(word) and (verb >= 0 or has)):
            break
        at += 1
    return (at, cues, verb) if verb >= 0 and at < len(low) else None


def _apposed(context: Context, scene: Scene, found: Found, at: int) -> tuple[int, list[Modality], int] | None:
    """A name after a comma, with what describes it, up to the next sign or a verb."""
    if found.rule.kind not in ("node", "title"):
        return None
    name = _name_at(context, scene, at)
    if name is None:
        return None
    after = after_bracket(scene, name.last)
    word = token_at(scene, after)
    closes = word in (",", ".", ";", ")", "", "–", "—") or word in context.lexis.english.words("relative")
    listed = context.lexis.joins(word)
    return (at, [], found.first) if closes or (listed and found.first > 0) else None


def _name_at(context: Context, scene: Scene, at: int) -> Mention | None:
    """The name that begins at a token, or that words from there on describe: "the jeweller Isak Roon"."""
    words, low = scene.sentence.words, scene.sentence.low
    for start in range(at, min(at + MAX_DESCRIPTION, len(words))):
        for mention in scene.starting.get(start, ()):
            if mention.kind in ("name", "quote") and mention.first >= start and mention.outer <= start:
                return mention
        plain = words[start][0].isalpha() and words[start][0].islower()
        skipped = low[start] in context.lexis.articles and start == at
        if not skipped and (not plain or low[start] in context.lexis.closed):
            return None
    return None


def _values(context: Context, scene: Scene, hole: Hole, at: int) -> list[Filler]:
    if hole.kind == "node":
        return list(_nodes(context, scene, hole, at))
    if hole.kind == "text" and token_at(scene, at) in context.lexis.infinitive_markers:
        found = fill_right(context, scene, Hole(hole.name, hole.shape, False, "text"), at + 1, frozenset())
    else:
        kind = "object" if hole.kind == "text" else hole.kind
        found = fill_right(context, scene, Hole(hole.name, hole.shape, hole.many, kind), at, frozenset())
    return found[1] if found is not None else []


def _nodes(context: Context, scene: Scene, hole: Hole, at: int) -> Iterator[Filler]:
    """The entities of a list, each with what describes it."""
    found = fill_right(context, scene, hole, at, frozenset())
    if found is not None:
        yield from found[1]
        return
    name = _name_at(context, scene, at)
    if name is not None and name.first > at:
        filler = entity(context, scene, hole, name.outer if name.outer >= at else name.first)
        filler = filler or entity(context, scene, hole, name.first)
        if filler is not None:
            yield filler
