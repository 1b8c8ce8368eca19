"""Check a domain against itself: every example yields its marked values, every counter-example nothing, and
rules are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from .domain import Domain, FieldRule, Phrase, RowGroup, StateRule, fold, local_name, parse_example
from .domain.graph import RDFS
from .errors import DomainError
from .extract import Extraction, extract
from .source import Article, parse_article
from .statement import Modality, Statement

SUBJECT = "Blue Lantern"
"""The title of the article that examples stand in: "it" and "the party" mean this."""

Pair = tuple[str, str]

_PIECES = 3


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a rule gave a statement, and in how many articles; ``reason`` is its ``lk:unused``."""

    rule: str
    statements: int
    articles: int
    reason: str | None


def check_examples(domain: Domain) -> list[DomainError]:
    """Run every example and counter-example of every phrase, and those of rows; return what does not hold,
    each with file and line of its rule.
    """
    phrases = [error for phrase in domain.phrases for error in check_phrase(domain, phrase)]
    states = {rule.iri: rule for rule in domain.states}
    rules: list[tuple[StateRule | RowGroup, StateRule]] = [(rule, rule) for rule in domain.states]
    rules += [(group, states[group.state]) for group in domain.groups]
    return phrases + [error for rule, state in rules for error in check_rows(domain, rule, state)]


def check_rows(domain: Domain, rule: StateRule | RowGroup, state: StateRule) -> Iterator[DomainError]:
    """Yield what does not hold of the examples of a state rule or a row group: ``CLASS | rows, joined by + |
    what the node tells, part by part``.
    """
    if not rule.examples:
        yield domain.graph.error("has no lk:example", rule.iri)
    for text in rule.examples:
        pieces = [piece.strip() for piece in text.split(" | ")]
        if len(pieces) != _PIECES or domain.expand(pieces[0]) not in domain.classes:
            hint = "write it as 'CLASS | rows, joined by + | part value; part value'"
            yield domain.graph.error(
                f"example {text!r}: no rows of a class and what they tell", rule.iri, hint
            )
            continue
        expected = {part.strip() for part in pieces[2].split(";")}
        found = set(_told(domain, state, domain.expand(pieces[0]), pieces[1].split(" + ")))
        if found != expected:
            missing, extra = (sorted(one) for one in (expected - found, found - expected))
            problem = f"misses {missing}, also yields {extra}"
            yield domain.graph.error(f"example {pieces[1]!r}: {problem}", rule.iri)


def _told(domain: Domain, state: StateRule, cls: str, rows: list[str]) -> Iterator[str]:
    """What the nodes of a state rule tell in an article of some rows, each part with its value."""
    box = "".join(f"- {row}\n" for row in rows)
    extraction = extract(parse_article(f"= {SUBJECT} =\n\n{SUBJECT}\n{box}"), domain, subject_class=cls)
    asserted = [one for one in extraction.statements if one.modality is Modality.ASSERTED]
    labels = {one.subject: one.object for one in asserted if one.predicate.value.endswith("#label")}
    parts = {shape.path: part for part, shape in state.slots.items()}
    for one in asserted:
        part = parts.get(one.predicate.value)
        if part is not None and one.rule.value == state.iri:
            value = labels.get(one.object, one.object) if isinstance(one.object, NamedNode) else one.object
            yield f"{part} {domain.compact(value.value)}"


def check_phrase(domain: Domain, phrase: Phrase) -> Iterator[DomainError]:
    """Yield what does not hold of one phrase's examples."""
    if not phrase.examples:
        yield domain.graph.error("has no lk:example", phrase.iri)
    for text in phrase.examples:
        sentence, marks = parse_example(text)
        expected = {
            (local_name(slot.rpartition(":")[2]), fold(words)) for slot, words in marks if slot != "this"
        }
        found = {pair for pair, _ in _read(domain, phrase, sentence)}
        if found != expected:
            yield domain.graph.error(f"example {sentence!r}: {_difference(expected, found)}", phrase.iri)
        yield from _check_this(
            domain, phrase, sentence, {fold(words) for slot, words in marks if slot == "this"}
        )
    for text in phrase.counter_examples:
        wrong = [pair for pair, _ in _read(domain, phrase, parse_example(text)[0])]
        if wrong:
            yield domain.graph.error(f"counter-example {text!r} asserts {_pairs(wrong)}", phrase.iri)


def _check_this(domain: Domain, phrase: Phrase, sentence: str, expected: set[str]) -> Iterator[DomainError]:
    found = {words for _, words in _read(domain, phrase, sentence) if words}
    if expected and found and found != expected:
        yield domain.graph.error(
            f"example {sentence!r}: {{this}} is {sorted(found)}, not {sorted(expected)}", phrase.iri
        )


def read_example(domain: Domain, phrase: Phrase, sentence: str) -> Extraction:
    """Read a sentence as the whole text of an article whose subject has the class that the phrase fills."""
    target = domain.node_shapes[phrase.fills].target
    minted = any(cls in domain.minted for cls in domain.ancestors.get(target, ()))
    article = parse_article(
        f"= {SUBJECT} =\n\n{sentence}\n", abbreviations=domain.english.words("abbreviation"), form="plain"
    )
    return extract(article, domain, subject_class=None if minted else target)


def _read(domain: Domain, phrase: Phrase, sentence: str) -> list[tuple[Pair, str]]:
    """The asserted statements of the phrase as (slot, words of the object), each with the words of its
    subject.
    """
    extraction = read_example(domain, phrase, sentence)
    text = extraction.article.text
    limited = _limited(domain, extraction)
    return [
        (limited.get(statement.object) or _pair(statement, text), _subject(statement, text))
        for statement in extraction.statements
        if _counts(statement, phrase)
    ]


def _limited(domain: Domain, extraction: Extraction) -> dict[object, Pair]:
    """The nodes of values that the text limits in time, each with the slot and the words of the value."""
    labels = {
        one.subject: one.object.value
        for one in extraction.statements
        if one.predicate.value == RDFS + "label"
    }
    told: dict[str, dict[object, str]] = {}
    for part in ("property", "value"):
        paths = {rule.slots[part].path for rule in domain.states if part in rule.slots}
        found = (one for one in extraction.statements if one.predicate.value in paths)
        told[part] = {one.subject: one.object.value for one in found}
    names = {node.value: label for node, label in labels.items()}
    return {
        node: (local_name(path), fold(names.get(told["value"][node], told["value"][node])))
        for node, path in told["property"].items()
        if node in told["value"]
    }


def _counts(statement: Statement, phrase: Phrase) -> bool:
    typed = statement.predicate.value.endswith("#type")
    return statement.rule.value == phrase.iri and statement.modality is Modality.ASSERTED and not typed


def _pair(statement: Statement, text: str) -> Pair:
    words = statement.object_span.of(text) if statement.object_span else str(statement.object)
    return local_name(statement.predicate.value), fold(words)


def _subject(statement: Statement, text: str) -> str:
    return fold(statement.subject_span.of(text)) if statement.subject_span else ""


def _difference(expected: set[Pair], found: set[Pair]) -> str:
    missing, extra = expected - found, found - expected
    parts = [f"misses {_pairs(missing)}"] if missing else []
    parts += [f"also yields {_pairs(extra)}"] if extra else []
    return " and ".join(parts)


def _pairs(pairs: Iterable[Pair]) -> str:
    return ", ".join(f"{{{slot}}} {words!r}" for slot, words in sorted(pairs))


def usage(domain: Domain, articles: Iterable[Article]) -> list[Usage]:
    """Return for every phrase and field rule how often it gave a statement over the articles."""
    counts: dict[str, int] = {}
    fired: dict[str, set[str]] = {}
    for article in articles:
        for statement in extract(article, domain).statements:
            rule = statement.rule.value
            counts[rule] = counts.get(rule, 0) + 1
            fired.setdefault(rule, set()).add(article.name)
    rules: list[Phrase | FieldRule] = [*domain.phrases, *domain.fields]
    return [
        Usage(rule.iri, counts.get(rule.iri, 0), len(fired.get(rule.iri, ())), rule.unused) for rule in rules
    ]
