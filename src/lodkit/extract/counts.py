"""Numbers in running text: how many members, shops, crowns or hectares something has, with bounds, unit and
date, each as a figure and, where it is exact, as a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..domain import Domain
from ..domain.graph import XSD
from ..domain.model import QuantityRule
from ..statement import Basis, Modality, Span
from .amounts import Number, numbers_of
from .compiled import Hole
from .context import Context, Reading
from .fill import pronoun
from .filler import after_bracket, token_at
from .literals import fitted
from .marks import visible
from .modality import Scope, modality_at
from .nodes import Node
from .scene import Mention, Scene
from .states import Held, Stated, StateMaker
from .subject import find_subject
from .values import INTEGER

FARTHEST = 14
"""How many tokens before a number the noun may stand that it is the value of."""

WORDS_COUNTED = 4
"""The most words of what is counted."""

NEAR = 8
"""The most tokens between two numbers of one thing."""

_ANY = Hole("this", None, False, "node")


@dataclass(frozen=True, slots=True)
class Owner:
    """What a number is said of, by which words, and which rule reads it; ``end`` is the token after the words
    that it counts.
    """

    node: Node
    words: Span | None
    rule: QuantityRule
    end: int
    cues: tuple[Modality, ...] = ()


@dataclass(frozen=True)
class QuantityBook:
    """The quantity rules of a domain by their words, in lower case."""

    counted: Mapping[str, list[QuantityRule]]
    composed: Mapping[str, list[QuantityRule]]
    measures: Mapping[str, list[QuantityRule]]
    verbs: Mapping[str, list[QuantityRule]]
    adjectives: Mapping[str, list[QuantityRule]]


@lru_cache(maxsize=8)
def quantity_book(domain: Domain) -> QuantityBook:
    """Return the quantity rules of a domain by their words."""
    found: tuple[dict[str, list[QuantityRule]], ...] = ({}, {}, {}, {}, {})
    for rule in domain.quantities:
        verbs = frozenset(form for verb in rule.verbs for form in domain.english.inflections(verb))
        told = (rule.counted, rule.counted | rule.composed, rule.measures, verbs, rule.adjectives)
        for index, words in zip(found, told, strict=True):
            for word in words:
                index.setdefault(word.lower(), []).append(rule)
    return QuantityBook(*found)


def read_quantities(context: Context, scene: Scene, found: list[Scope]) -> None:
    """Read the numbers of a sentence that something is said to have."""
    reader = CountReader(context, scene)
    before: tuple[Number, Owner] | None = None
    for number in numbers_of(context, scene):
        owner = reader.owner(number) or reader.joined(number, before)
        if owner is None:
            continue
        modality, _ = modality_at(found, number.first, list(owner.cues))
        before = (number, owner)
        if modality is Modality.ASSERTED:
            reader.keep(number, owner)


# ---- what they are said of ----


class CountReader:
    """Finds what the numbers of one sentence are said of, and keeps them."""

    def __init__(self, context: Context, scene: Scene) -> None:
        self.context = context
        self.scene = scene
        self.low = scene.sentence.low
        self.book = quantity_book(context.domain)
        self.states = StateMaker(context)

    def owner(self, number: Number) -> Owner | None:
        """Return what has the number, by what is counted, measured, done or said of it; None where that is
        not plain.
        """
        return (
            self._by_verb(number)
            or self._by_count(number)
            or self._by_measure(number)
            or self._by_adjective(number)
        )

    def joined(self, number: Number, before: tuple[Number, Owner] | None) -> Owner | None:
        """What has the number before has one too that "and", a comma or a comparison joins to it, and what
        does one thing with a number may do another.
        """
        if before is None or not 0 < number.first - before[1].end <= FARTHEST:
            return None
        owner = before[1]
        return self._compared(number, owner) or self._done_too(number, owner)

    def _compared(self, number: Number, owner: Owner) -> Owner | None:
        """ "31 seats, against 24 seats before", "about 42,000 in 1958, and below 5,000 by 1970"."""
        english = self.context.lexis.english
        joints = self.context.lexis.joints | english.words("comparison") | {","}
        between = self.low[owner.end : number.first]
        if number.first - owner.end > NEAR or between[-1] not in joints or not self._only_adjuncts(between):
            return None
        rules, end = self._counted_rules(number)
        if not rules and token_at(self.scene, number.last)[:1].isalpha():
            after = token_at(self.scene, number.last)
            if after not in self.context.lexis.closed:
                return None
        rule = self._rule(rules, owner.node) if rules else owner.rule
        return Owner(owner.node, owner.words, rule, end, owner.cues) if rule else None

    def _only_adjuncts(self, between: list[str]) -> bool:
        """Tell whether no clause begins between two numbers."""
        subordinators = self.context.lexis.english.words("subordinator")
        return not any(
            word in ";:" or word in subordinators or word in self.context.lexis.be for word in between
        )

    def _done_too(self, number: Number, owner: Owner) -> Owner | None:
        """ "It spent $16 million and treated 500 patients": the second verb has the subject of the first."""
        verbs = self.context.lexis.english.words("having-verb") | self.book.verbs.keys()
        between = self.low[owner.end : number.first]
        for at in range(len(between) - 1):
            if between[at] in self.context.lexis.joints and between[at + 1] in verbs:
                found = self._object(number, owner.end + at + 1)
                rule = self._rule(found[0], owner.node) if found else None
                return Owner(owner.node, owner.words, rule, found[1], owner.cues) if found and rule else None
        return None

    def _object(self, number: Number, verb: int) -> tuple[list[QuantityRule], int] | None:
        """The rules for a number that is, or that a measure has which is, the object of a verb at a token."""
        if number.first - verb == 1:
            rules, end = self._counted_rules(number)
            return ([*self.book.verbs.get(self.low[verb], []), *rules], max(end, number.last))
        for at in range(number.first - 1, verb, -1):
            _, rules = self._measure_ending(at)
            if rules and self._leads(at, number.first):
                return rules, number.last
        return None

    def _target(self, rule: QuantityRule) -> str:
        domain = self.context.domain
        return domain.node_shapes[domain.property_shapes[rule.fills].node_shape].target

    def _is_top(self, cls: str) -> bool:
        shapes = self.context.domain.shapes_of_class
        return not any(above in shapes for above in self.context.domain.ancestors[cls][1:])

    def _fits(self, rule: QuantityRule, node: Node) -> bool:
        """Tell whether a node is of the class of a rule, or of none that is known and no person."""
        target = self._target(rule)
        if node.types:
            return any(self.context.domain.is_a(cls, target) for cls in node.types)
        return node is self.context.nodes.subject or not self.context.may_be_person(node)

    def _rule(self, rules: list[QuantityRule], node: Node) -> QuantityRule | None:
        """The first rule whose class a node has."""
        return next((rule for rule in rules if self._fits(rule, node)), None)

    # ---- by what is counted

    def _counted(self, number: Number) -> tuple[QuantityRule | None, int]:
        rules, end = self._counted_rules(number)
        return (rules[0], end) if rules else (None, end)

    def _counted_rules(
        self, number: Number, index: Mapping[str, list[QuantityRule]] | None = None
    ) -> tuple[list[QuantityRule], int]:
        """The rules for the noun after a number, and the token after it."""
        index = self.book.counted if index is None else index
        share = "% " if number.amount.unit == "%" else ""
        low = self.low
        for last in range(min(number.last + WORDS_COUNTED, len(low)), number.last, -1):
            for first in range(number.last, last):
                rules = index.get(share + " ".join(low[first:last]))
                plain = all(word[0].isalpha() or word in "-,'’" for word in low[number.last : first])
                closed = any(word in self.context.lexis.closed for word in low[number.last : first])
                if rules and plain and not closed and (low[last - 1].endswith("s") or self._heads(last)):
                    return rules, last
        return [], number.last

    def _heads(self, at: int) -> bool:
        """Tell whether no other noun follows: "12 member" is none of "12 member states"."""
        word = token_at(self.scene, at)
        english = self.context.lexis.english
        return (
            not word[:1].isalpha()
            or word in self.context.lexis.closed
            or word in self.context.book.verbs
            or word in english.past_forms
            or word.endswith(("ed", "ing", "ly"))
            or word in english.words("after-noun")
        )

    def _by_count(self, number: Number) -> Owner | None:
        before = token_at(self.scene, number.first - 1) if number.first else ""
        composed = before in self.context.lexis.english.words("genitive")
        rules, end = self._counted_rules(number, self.book.composed if composed else self.book.counted)
        found = self._owner_before(number.first) if rules else None
        if found is None:
            return None
        node, words, cues = found
        rule = self._rule(rules, node)
        return Owner(node, words, rule, end, cues) if rule else None

    def _owner_before(self, at: int) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        """What has the things that are counted from a token on, by the word before it."""
        before = token_at(self.scene, at - 1) if at else ""
        english = self.context.lexis.english
        if before in self.context.lexis.possessives or before in self.context.finder.possessives:
            return self._possessor(at - 1)
        if before == "'s":
            return self._mention_ending(at - 1)
        if before in english.words("owner-preposition"):
            return self._after_preposition(at - 1)
        return self._subject(at, english.words("having-verb"))

    def _possessor(self, at: int) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        """What "its" stands for: the subject of the sentence, where there is one before it."""
        subject = self.scene.subject
        if subject is not None and subject.last <= at:
            node = self.scene.subject_node
            node = node if node is not None and not self.context.is_person(node) else None
        else:
            node = pronoun(self.context, self.scene, at)
        return (node, self.scene.sentence.cover(at, at + 1), ()) if node else None

    def _after_preposition(self, at: int) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        """ "a confederation of 12 unions", "the Bakers' Union, with 31,000 members,"."""
        of = self.low[at] in self.context.lexis.english.words("genitive")
        starts = at == 0 or (at == 1 and self.low[0].endswith("ing"))
        if starts and not of:
            node = self.scene.subject_node
            return (node, None, ()) if node is not None else None
        comma = self.low[at - 1] == ","
        return self._mention_ending(at - comma, named=not of)

    def _mention_ending(
        self, at: int, *, named: bool = True
    ) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        kinds = ("name", "noun", "phrase") if named else ("noun",)
        for mention in self.scene.ending.get(at, ()):
            node = mention.node
            if node is not None and mention.kind in kinds and not self._governed(mention):
                return node, self.scene.span(mention), ()
        return None

    def _governed(self, mention: Mention) -> bool:
        """Tell whether a mention stands after a preposition: a number after it may be of something else."""
        english = self.context.lexis.english
        return mention.outer > 0 and self.low[mention.outer - 1] in english.words("preposition")

    def _subject(
        self, at: int, verbs: frozenset[str]
    ) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        """The subject of one of some verbs, right before a token."""
        start = at
        while start > 1 and (
            self.context.lexis.is_adverb(self.low[start - 1])
            or self.low[start - 1] in self.context.lexis.articles
        ):
            start -= 1
        if start < 1 or self.low[start - 1] not in verbs:
            return None
        form = self.context.lexis.english.verb_form(self.low[start - 1])
        form = "finite" if form != "ing" else form
        found = find_subject(self.context, self.scene, _ANY, start - 1, form, reduced=False)
        if found is None or len(found.fillers) != 1 or not isinstance(found.fillers[0].value, Node):
            return None
        return found.fillers[0].value, found.fillers[0].span, found.cues

    # ---- by what is measured

    def _by_measure(self, number: Number) -> Owner | None:
        english = self.context.lexis.english
        for at in range(number.first - 1, max(-1, number.first - FARTHEST), -1):
            if self.low[at] in ";:" or self.low[at] in english.words("subordinator"):
                return None
            first, rules = self._measure_ending(at + 1)
            if not rules:
                continue
            linked = token_at(self.scene, at + 1) in english.words("measure-link")
            if not (linked or self._heads(at + 1)) or not self._leads(at + 1, number.first):
                return None
            if self._crosses(at, number):
                return None
            owner = self._measured(at, first) if not self._is_made(first) else None
            rule = self._rule(rules, owner[0]) if owner else None
            return Owner(owner[0], owner[1], rule, number.last) if owner and rule else None
        return None

    def _crosses(self, at: int, number: Number) -> bool:
        """Tell whether another number stands between a measure and a number that is not compared with it."""
        dated = {token for m in self.scene.mentions() if m.kind == "date" for token in range(m.first, m.last)}
        crossed = any(self.low[token][0].isdigit() for token in range(at, number.first) if token not in dated)
        return crossed and self.low[number.first - 1] not in self.context.lexis.english.words("comparison")

    def _is_made(self, first: int) -> bool:
        """Tell whether a measure is the object of a verb that says what is done with it: "hopes to double its
        membership to".
        """
        english = self.context.lexis.english
        while first > 0 and self._premodifies(first - 1):
            first -= 1
        determined = first > 0 and self.low[first - 1] in english.words("determiner")
        before = self.low[first - 2] if determined and first > 1 else ""
        return (
            before[:1].isalpha()
            and before not in self.context.lexis.closed
            and before not in english.words("having-verb")
        )

    def _measure_ending(self, last: int) -> tuple[int, list[QuantityRule]]:
        """Return where the longest measure that ends at a token begins, and its rules."""
        for first in range(max(0, last - WORDS_COUNTED), last):
            rules = self.book.measures.get(" ".join(self.low[first:last]))
            if rules:
                return first, rules
        return last, []

    def _leads(self, first: int, last: int) -> bool:
        """Tell whether the words between a measure and its number only say that it is so."""
        english = self.context.lexis.english
        linking = english.words("measure-link") | english.words("adverb") | self.context.lexis.closed
        between = [at for at in range(first, last) if self.low[at][0].isalpha()]
        covered = {
            token
            for m in self.scene.mentions()
            if m.kind in ("date", "name")
            for token in range(m.first, m.last)
        }
        return all(at in covered or self.low[at] in linking for at in between) and (
            not between or any(self.low[at] in english.words("measure-link") for at in between)
        )

    def _measured(self, noun: int, first: int) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        """What the measure whose noun stands at a token is of."""
        if token_at(self.scene, noun + 1) in self.context.lexis.english.words("genitive"):
            for mention in self.scene.starting.get(noun + 2, ()):
                if mention.node is not None and mention.kind == "name":
                    return mention.node, self.scene.span(mention), ()
        while first > 0 and self._premodifies(first - 1):
            first -= 1
        before = self.low[first - 1] if first else ""
        english = self.context.lexis.english
        if before in self.context.lexis.possessives or before in self.context.finder.possessives:
            return self._possessor(first - 1)
        if before == "'s":
            return self._mention_ending(first - 1)
        opens = first == 0 or (before in self.context.lexis.the and first in (1, 2))
        if opens or before in self.context.lexis.the:
            return self.context.nodes.subject, None, ()
        if before in english.words("indefinite"):
            return self._of_indefinite(first - 1)
        return self._subject(first, english.words("having-verb"))

    def _of_indefinite(self, at: int) -> tuple[Node, Span | None, tuple[Modality, ...]] | None:
        """ "With a circulation of", "has a membership of"."""
        if at and self.low[at - 1] in self.context.lexis.english.words("owner-preposition"):
            return self._after_preposition(at - 1)
        return self._subject(at, self.context.lexis.english.words("having-verb"))

    def _premodifies(self, at: int) -> bool:
        word = self.low[at]
        dated = any(m.kind == "date" for m in self.scene.ending.get(at + 1, ()))
        return dated or (
            word[0].isalpha()
            and (at == 0 or self.scene.sentence.words[at].islower())
            and word not in self.context.lexis.closed
        )

    # ---- by the verb before and the adjective after

    def _by_verb(self, number: Number) -> Owner | None:
        at = number.first
        while at > 1 and self.context.lexis.is_adverb(self.low[at - 1]):
            at -= 1
        rules = self.book.verbs.get(self.low[at - 1], []) if at else []
        measured = number.amount.currency or number.amount.unit
        rules = [rule for rule in rules if measured or self._is_number(rule)]
        found = self._subject(number.first, frozenset({self.low[at - 1]})) if rules else None
        rule = self._rule(rules, found[0]) if found else None
        return Owner(found[0], found[1], rule, number.last, found[2]) if found and rule else None

    def _is_number(self, rule: QuantityRule) -> bool:
        return self.context.domain.property_shapes[rule.fills].kind == "number"

    def _by_adjective(self, number: Number) -> Owner | None:
        at = after_bracket(self.scene, number.last)
        rules = self.book.adjectives.get(token_at(self.scene, at), [])
        if not rules or not number.amount.unit:
            return None
        found = self._subject(number.first, self.context.lexis.english.words("be"))
        rule = self._rule(rules, found[0]) if found else None
        return Owner(found[0], found[1], rule, at + 1, found[2]) if found and rule else None

    # ---- keeping

    def keep(self, number: Number, owner: Owner) -> None:
        """Keep an exact number of no unit as a value, and every number as a figure."""
        context, amount = self.context, number.amount
        shape = context.domain.property_shapes[owner.rule.fills]
        sentence = self.scene.sentence
        span = sentence.cover(number.first, max(number.last, owner.end))
        span = span.cover(owner.words) if owner.words is not None else span
        value = amount.value
        date = self._date(number, owner)
        if shape.kind == "number" and value is not None and fitted(value, shape.read_as).lexical is None:
            return
        target = self._target(owner.rule)
        if not owner.node.types and not self._is_top(target):
            context.give_type(owner.node, target, owner.rule.iri, Basis.INFERRED, span)
        exact = amount.number if not amount.currency and amount.unit in (None, "%") else None
        plain = exact is not None and shape.kind == "number" and number.total is None
        if plain and exact is not None:
            words, at = owner.words, exact.span
            reading = Reading(
                owner.node, shape, exact, owner.rule.iri, span, subject_span=words, value_span=at
            )
            context.readings.append(reading)
        if not plain or date is not None:
            self._figure(number, owner, Stated(owner.node, shape, amount.span, owner.rule.iri, span), date)

    def _figure(self, number: Number, owner: Owner, stated: Stated, date: Mention | None) -> None:
        is_ratio = number.total is not None
        made_by = self.states.rule_for(INTEGER if is_ratio else XSD + "decimal")
        if made_by is None:
            return
        amount, sentence = number.amount, self.scene.sentence
        span = stated.span if date is None else stated.span.cover(sentence.cover(date.first, date.last))
        counted = sentence.cover(number.last, owner.end) if owner.end > number.last else None
        told: dict[str, Held | None] = {
            **amount.told(amount.span),
            "at": date.value if date else None,
            "note": counted,
        }
        if is_ratio:
            told = {"held": amount.number, "total": number.total, "at": date.value if date else None}
        exact = stated.shape.kind == "number" and amount.number is not None
        words = visible(amount.span.of(self.context.text).strip())
        when = f" ({sentence.words_of(date.first, date.last)})" if date else ""
        name = owner.node.label() if owner.node.spellings else ""
        label = f"{name}: {stated.shape.name}" if name and not exact else words + when
        self.states.make(made_by, stated, told, label, span)

    def _date(self, number: Number, owner: Owner) -> Mention | None:
        """The date that a number holds for: the first after it before a comma, else one that opens the
        sentence.
        """
        end = max(number.last, owner.end)
        for at in range(end, min(len(self.low), end + 10)):
            if self.low[at] == ";" or (self.low[at][0].isdigit() and not self.scene.date_at(at)):
                break
            found = self.scene.date_at(at)
            if found is not None:
                return found
        opening = next((m for at in range(4) if (m := self.scene.date_at(at)) is not None), None)
        fronted = opening is not None and opening.last < number.first
        return opening if fronted else None
