"""Prose: run the phrases of the lexicon over the sentences of an article."""

from __future__ import annotations

from itertools import islice

from ..domain.gazetteer import Entry
from ..statement import Basis, Modality, Span
from .beside_names import read_beside_names
from .classify import classify, mentioned_node
from .clause_matcher import ClauseMatcher
from .compiled import Compiled, Forms, Hole
from .context import Context, Reading, is_readable
from .counts import read_quantities
from .definition import lead_mention, plain_title
from .fill import is_restricted
from .filler import Filler
from .match import Match, Matcher
from .mentions import build_scene, head_class
from .modality import Scope, modality_at, scopes
from .nodes import Node, Typing
from .noun_parts import read_predicates
from .periods import is_lasting, keep_state, limit_of
from .predicates import find_predicates
from .relational import read_relational
from .scene import Mention, Scene
from .states import Stated
from .subject import main_subject
from .units import read_units

GOVERNED = 4
"""How many tokens before a noun phrase may hold the word that leaves it open ("called for the arrest of")."""


def read_sentence(context: Context, span: Span) -> Scene:
    """Read one sentence: mentions, types, noun-phrase rules, then clause rules."""
    scene = build_scene(context, span)
    _set_subject(context, scene)
    predicates = find_predicates(context, scene)
    classify(context, scene)
    found = scopes(context, scene)
    read_predicates(context, scene, predicates, found)
    read_beside_names(context, scene)
    read_units(context, scene)
    run_nominal(context, scene, found)
    _set_subject(context, scene)
    run_clausal(context, scene, found)
    read_quantities(context, scene, found)
    read_relational(context, scene, found)
    if context.watch is not None:
        context.watch(context, scene)
    _remember(context, scene)
    return scene


def _set_subject(context: Context, scene: Scene) -> None:
    scene.subject = main_subject(context, scene)
    if scene.subject is not None:
        scene.subject_node = scene.subject.node or mentioned_node(context, scene, scene.subject)


def _remember(context: Context, scene: Scene) -> None:
    """After a sentence its subject is what "it" stands for in the next; a person, or no plain subject, leaves
    that open.
    """
    for mention in scene.mentions():
        if mention.node is not None and mention.kind == "name":
            context.touch(mention.node)
    node = scene.subject_node
    if node is None and scene.sentence.low[:1] and scene.sentence.low[0] in context.lexis.possessives:
        return  # "Its first concert": it stays spoken of
    personal = node is not None and context.may_be_person(node)
    if personal or node is None:
        context.person = node
    context.focus = None if personal and node is not context.nodes.subject else node


# ---- noun phrases ----


def run_nominal(context: Context, scene: Scene, found: list[Scope]) -> None:
    """Run noun-phrase rules from right to left, so that what stands inside another is a mention before it."""
    matcher, nominal, low = Matcher(context, scene), context.book.nominal, scene.sentence.low
    for trigger in range(len(scene.sentence) - 1, -1, -1):
        phrases = nominal.get(low[trigger])
        for match in _best(matcher, phrases, trigger) if phrases else ():
            node = _record(context, scene, match, found)
            if node is not None and _stands_for(match):
                outer = match.first - (
                    match.first > 0
                    and scene.sentence.low[match.first - 1] in context.lexis.english.words("determiner")
                )
                this = match.this()
                scene.add(
                    Mention(match.first, match.last, outer, "phrase", node, words=this.span if this else None)
                )


def _stands_for(match: Match) -> bool:
    """A noun phrase stands for what it mints; one with {this} only where the rest stands beside it, after a
    bracket or comma.
    """
    parts = (*match.compiled.left, match.compiled.trigger, *match.compiled.right)
    beside = len(parts) > 1 and isinstance(parts[1], Forms) and parts[1].lemmas <= {"(", ","}
    return match.compiled.mints or (beside and isinstance(parts[0], Hole) and parts[0].shape is None)


def _best(matcher: Matcher, phrases: list[Compiled], trigger: int) -> list[Match]:
    """Return the longest match of each node shape; among equals the first of the lexicon."""
    best: dict[str, Match] = {}
    for compiled in phrases:
        match = matcher.match(compiled, trigger)
        if match is not None and (compiled.target not in best or match.size() > best[compiled.target].size()):
            best[compiled.target] = match
    return _set_rivals(list(best.values()))


# ---- clauses ----


def run_clausal(context: Context, scene: Scene, found: list[Scope]) -> None:
    """Run clause rules from left to right; of the patterns of one phrase at one verb, the longest match
    counts.
    """
    matcher, on_clauses = Matcher(context, scene), ClauseMatcher(context, scene)
    for trigger, word in enumerate(scene.sentence.low):
        phrases = context.book.clausal.get(word, ())
        tried = (matcher.match(compiled, trigger) for compiled in phrases)
        matches = [*filter(None, tried), *on_clauses.matches(trigger)]
        if not matches:
            continue
        best: dict[str, Match] = {}
        for match in matches:
            iri = match.compiled.phrase.iri
            if iri not in best or match.size() > best[iri].size():
                best[iri] = match
        for match in _without_rivals(_set_rivals(list(best.values()))):
            _record(context, scene, match, found)


def _without_rivals(matches: list[Match]) -> list[Match]:
    """Drop a match whose words another match of the same verb consumes too and more."""
    return [
        match
        for match in matches
        if not any(
            other is not match
            and other.trigger == match.trigger
            and other.compiled.mints == match.compiled.mints
            and other.size() > match.size()
            and {(f.first, f.last) for f in match.fillers} < {(f.first, f.last) for f in other.fillers}
            for other in matches
        )
    ]


# ---- readings ----


def _record(context: Context, scene: Scene, match: Match, found: list[Scope]) -> Node | None:
    """Turn a match into readings; return the node that it is about."""
    values = [filler for filler in match.fillers if filler.hole.shape is not None]
    if (
        not values
        or not _plausible(context, scene, match)
        or (match.compiled.mints and _says_nothing(match, values))
    ):
        return None
    focus = _focus(context, scene, match)
    if focus is None:
        return None
    node, this = focus
    modality, speaker = modality_at(found, match.trigger, [*match.cues, *_cue_before(context, scene, match)])
    for filler in values:
        if filler.value is not node:
            _add(context, scene, match, node, this, filler, modality, speaker)
    if modality is Modality.NEGATED:
        for filler in Matcher(context, scene).instead(match):
            _add(context, scene, match, node, this, filler, Modality.ASSERTED, None)
    return node


def _says_nothing(match: Match, values: list[Filler]) -> bool:
    """An active verb with its subject alone ("the group merged") tells of no event."""
    compiled = match.compiled
    passive = compiled.reduced or any(
        isinstance(part, Forms) and "be" in part.lemmas for part in compiled.left
    )
    return not compiled.nominal and not passive and len(values) == 1 and values[0].last <= match.trigger


def _plausible(context: Context, scene: Scene, match: Match) -> bool:
    """A comma alone joins a place to what it lies in only if neither the gazetteer nor a longer list speaks
    against it.
    """
    if match.compiled.trigger.lemmas != {","}:
        return True
    nodes = [filler.value for filler in match.fillers if isinstance(filler.value, Node)]
    low, english = scene.sentence.low, context.lexis.english
    if len(nodes) != 2 or any(filler.antecedent for filler in match.fillers):
        return False
    inner, outer = nodes[0].entry, nodes[1].entry
    if inner is not None:
        listed = (
            not scene.row
            and match.first > 1
            and low[match.first - 1] == ","
            and any(m.kind == "name" for m in scene.ending.get(match.first - 1, ()))
        )
        return outer is not None and (
            inner.country == outer.name or (not listed and _lies_in(context, inner, outer))
        )
    if match.last < len(low) and low[match.last] not in context.lexis.closed and low[match.last][0].isalpha():
        return False
    goes_on = (
        match.last < len(low)
        and (low[match.last] == "," or low[match.last] in context.lexis.joints)
        and _goes_on(scene, match.last, nodes[1])
    )
    placed = match.first > 0 and low[match.first - 1] in english.words("locative")
    listed = match.first == 0 and outer is not None
    known = any(context.domain.is_a(cls, match.compiled.target) for cls in nodes[0].types)
    return (placed or listed) and not goes_on and (known or not nodes[0].types)


def _lies_in(context: Context, inner: Entry, outer: Entry) -> bool:
    """Tell whether the gazetteer lets one place lie in another: in its country, or in something larger that
    is no other country.
    """
    if inner.country == outer.name or inner.cls == outer.cls or not inner.country:
        return inner.country == outer.name
    country = context.domain.gazetteer.find(inner.country)
    return outer.country == inner.country or (country is not None and outer.cls != country.cls)


def _goes_on(scene: Scene, at: int, outer: Node) -> bool:
    """Tell whether a list of names goes on after a comma or "and", rather than with the country of the place
    before.
    """
    names = [
        m.node
        for start in (at + 1, at + 2)
        for m in scene.starting.get(start, ())
        if m.kind in ("name", "phrase") and m.node
    ]
    country = outer.entry.country if outer.entry else ""
    return any(node is not outer and not (node.entry and node.entry.name == country) for node in names)


def _cue_before(context: Context, scene: Scene, match: Match) -> list[Modality]:
    """ "no demonstration", "planned elections": what the word before a match makes of it."""
    low, english = scene.sentence.low, context.lexis.english
    word = low[match.first - 1] if match.first else ""
    governors = english.words("hedge-governor")
    event = (
        match.compiled.nominal
        and match.compiled.mints
        and match.compiled.target not in context.domain.minted_plural
    )
    if event and any(before in governors for before in low[max(0, match.first - GOVERNED) : match.first]):
        return [Modality.HEDGED]
    negated = [Modality.NEGATED] if word in english.words("negator") else []
    return [*negated, *([Modality.HEDGED] if word in english.words("hedge") else [])]


def _focus(context: Context, scene: Scene, match: Match) -> tuple[Node, Filler | None] | None:
    compiled = match.compiled
    this = match.this()
    if compiled.mints:
        span = _described(context, match, scene)
        node = context.nodes.mint(compiled.target, span.of(context.text), span)
        context.nodes.add_type(node, compiled.target, Typing(compiled.phrase.iri, Basis.STATED, span))
        return node, None
    if this is not None and isinstance(this.value, Node):
        return (this.value, this) if _typed(context, match, this.value, this) else None
    node = context.focus or context.nodes.subject
    return (
        (node, None)
        if not compiled.has_this
        or (this is None and context.nodes.fits(node, compiled.target) and node.types)
        else None
    )


def _typed(context: Context, match: Match, node: Node, this: Filler) -> bool:
    """A node of no type yet fits only if the node shapes that match there agree: one of them, or one above
    the others.
    """
    target, is_a = match.compiled.target, context.domain.is_a
    if any(is_a(cls, target) for cls in node.types):
        return True
    if node.types and not context.nodes.fits(node, target):
        return False
    if this.hole.typed:
        return False
    rivals = {other for other in match.rivals if _may_be(context, node, other)} | {target}
    if not _may_be(context, node, target) or not all(is_a(rival, target) for rival in rivals):
        return False
    context.give_type(node, target, match.compiled.phrase.iri, Basis.INFERRED, this.span)
    return target in node.types


def _may_be(context: Context, node: Node, target: str) -> bool:
    """A name of a person's shape that the text does not type is no organisation; one with "the" is no
    person.
    """
    if node is context.nodes.subject or any(
        typing.basis is not Basis.INFERRED for typing in node.types.values()
    ):
        return True
    persons, is_a = context.person_classes(), context.domain.is_a
    if context.looks_like_person(node):
        return any(is_a(person, target) for person in persons)
    return not (node.determined and any(is_a(target, person) for person in persons))


def _set_rivals(matches: list[Match]) -> list[Match]:
    """Let each match know the classes that other matches of the same word want for the same node."""
    for match in matches:
        this = match.this()
        others = [other for other in matches if this and (them := other.this()) and them.value is this.value]
        match.rivals = frozenset(other.compiled.target for other in others)
    return matches


def _described(context: Context, match: Match, scene: Scene) -> Span:
    """The words that describe a minted node, with the quotation mark that closes them."""
    words, last = scene.sentence.words, match.last
    quotes = sum(word in '"“”' for word in words[match.first : last])
    last += quotes % 2 == 1 and last < len(words) and words[last] in '"”'
    return scene.sentence.cover(_label_start(context, match, scene), last)


def _label_start(context: Context, match: Match, scene: Scene) -> int:
    """A minted node is called by the words from its noun on; where there is none, from the name of who did or
    suffered it, or the verb.
    """
    low = scene.sentence.low
    if match.compiled.nominal:
        return match.first + (low[match.first] in context.lexis.articles)
    for at in range(match.trigger, match.last):
        noun = context.lexis.noun_at(low, at)
        if noun is not None and context.domain.is_a(noun.cls, match.compiled.target):
            return at
    named = [
        filler.first
        for filler in match.fillers
        if filler.last <= match.trigger and not filler.antecedent and filler.hole.kind == "node"
    ]
    start = min(named, default=match.trigger)
    return start + (low[start] in context.lexis.articles)


def _add(  # noqa: PLR0913
    context: Context,
    scene: Scene,
    match: Match,
    node: Node,
    this: Filler | None,
    filler: Filler,
    modality: Modality,
    speaker: Node | Span | None,
) -> None:
    shape = filler.hole.shape
    assert shape is not None
    sentence = scene.sentence
    first = min(match.trigger, filler.first, this.first if this else match.trigger)
    core = match.core_last if match.compiled.nominal else match.trigger + 1
    end = max(sentence.ends[core - 1], filler.span.end, this.span.end if this else 0)
    reading = Reading(
        node,
        shape,
        filler.value,
        match.compiled.phrase.iri,
        Span(sentence.starts[first], end),
        modality,
        this.span if this else None,
        filler.span,
        (this.antecedent if this else None) or filler.antecedent,
        speaker,
    )
    if isinstance(filler.value, Node) and not context.give_slot_type(filler.value, reading):
        return
    limit = limit_of(context, scene, match) if is_lasting(context, shape) else None
    if limit is not None and modality is Modality.ASSERTED and isinstance(filler.value, Node):
        stated = Stated(node, shape, filler.value, reading.rule, filler.span)
        if keep_state(context, stated, limit) is not None and limit.is_over:
            return
    context.readings.append(reading)


def type_subject(context: Context) -> None:
    """Type the article's subject before anything else: by the sentence that says what it is, else by the head
    noun of its title.
    """
    lead = lead_mention(context)
    for span in filter(is_readable, lead[0].sentences[:2] if lead else ()):
        scene = build_scene(context, span)
        _set_subject(context, scene)
        find_predicates(context, scene)
        classify(context, scene)
        if context.nodes.subject.types:
            return
    title = plain_title(context)
    head = head_class(context, title.of(context.text))
    if head is not None:
        context.give_type(context.nodes.subject, head[0], head[1], Basis.INFERRED, title)
    if not context.nodes.subject.types:
        _type_by_reference(context)


FIRST_SENTENCES, SENTENCES_AS_SUBJECT = 2, 10
"""In how many sentences the noun is looked for by which an article calls its subject: anywhere in them, and
as what they begin with.
"""


def _type_by_reference(context: Context) -> None:
    """Where nothing says what the subject is, "the party" says it, if no party was spoken of before."""
    subject = context.nodes.subject
    spoken_of: set[str] = set()
    sentences = (span for block in context.article.blocks for span in block.sentences)
    for number, span in enumerate(islice(filter(is_readable, sentences), SENTENCES_AS_SUBJECT)):
        scene = build_scene(context, span)
        for noun in [m for m in scene.mentions() if m.kind == "noun" and m.cls and m.node is None]:
            plain = noun.definite is True and noun.first - noun.outer == 1 and not noun.plural
            near = number < FIRST_SENTENCES or noun.outer == 0
            known = any(context.domain.is_a(cls, noun.cls or "") for cls in spoken_of)
            if plain and near and not known and _may_be_called(context, scene, noun):
                words = scene.sentence.cover(noun.outer, noun.last)
                context.give_type(subject, noun.cls or "", noun.rule or "", Basis.INFERRED, words)
                context.subject_nouns.add(scene.sentence.low[noun.last - 1])
                return
            spoken_of.add(noun.cls or "")
        for name in [m for m in scene.mentions() if m.kind == "name" and m.node is not subject]:
            spoken_of.update(name.node.types if name.node else ())


def _may_be_called(context: Context, scene: Scene, noun: Mention) -> bool:
    """Tell whether a noun with "the" may stand for the subject: no tail says which one is meant, and it is no
    person where the title is none's name, nor an event or a group.
    """
    is_person = any(context.domain.is_a(noun.cls or "", person) for person in context.person_classes())
    return (
        noun.cls not in context.book.minted
        and scene.sentence.low[noun.outer] in context.lexis.the
        and not is_restricted(context, scene, noun.last)
        and not is_person
        and not context.subject_is_personal()
    )
