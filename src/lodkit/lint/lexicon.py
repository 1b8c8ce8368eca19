"""Rules of the lexicon that say the same twice: keys of rows, nouns, titles, kinds of names."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ..domain.lexicon import CORE
from ..turtle import Role
from .model import all_mentions, error_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..domain import Domain
    from ..errors import DomainError
    from ..turtle import Mention
    from .model import Checked, Written

_LISTED = frozenset(
    CORE + name
    for name in ("key", "form", "inName", "title", "pattern", "example", "counterExample", "entry")
)

Entry = tuple[tuple[object, ...], str, str, str]
"""What must be there once, the rule and the property that say it, and the text as it is written."""


def repeated(checked: Checked) -> Iterator[DomainError]:
    """Yield words that one rule has twice, letters of either case the same."""
    seen: set[tuple[str, str, str]] = set()
    for written, mention in all_mentions(checked):
        if mention.role is Role.OBJECT and mention.is_literal and mention.predicate in _LISTED:
            at = mention.subject, mention.predicate, _folded(mention.text)
            if at in seen:
                yield _again(checked, written, mention)
            seen.add(at)


def _again(checked: Checked, written: Written, mention: Mention) -> DomainError:
    name = checked.compact(mention.predicate)
    message = f"{name} {mention.text} is there twice"
    return error_at(message, written, mention, checked.compact(mention.subject), "take one out")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def duplicates(checked: Checked) -> Iterator[DomainError]:
    """Yield words of a rule that another rule has for the same: which of the two reads them is chance."""
    if checked.domain is None:
        return
    first: dict[tuple[object, ...], str] = {}
    for once, rule, predicate, text in _entries(checked.domain):
        other = first.setdefault(once, rule)
        if other != rule:
            name = checked.compact(CORE + predicate)
            message = f"{name} {text!r} is also one of {checked.compact(other)}"
            hint = "take it out of one of the two"
            yield checked.literal_error(message, rule, (CORE + predicate, text), hint)


def _entries(domain: Domain) -> Iterator[Entry]:
    yield from _keys(domain)
    for noun in domain.nouns:
        # of people there is a group, which has their nouns in the plural
        kind = noun.fills in domain.minted_plural
        yield from _each(("noun", kind), noun.iri, "form", noun.forms)
        yield from _each(("head", kind), noun.iri, "inName", noun.heads)
    for term in domain.terms:
        yield from _each(("term",), term.iri, "form", term.forms)
    for section in domain.sections:
        owner = domain.property_shapes[section.fills].node_shape
        yield from _each(("section", owner), section.iri, "title", section.titles)
    for name in domain.names:
        yield from _each(("name",), name.iri, "nameKind", (name.kind,))


def _keys(domain: Domain) -> Iterator[Entry]:
    """Rows of one key are told apart by what the article is about, and by which part of them is read."""
    for rule in domain.fields:
        owner = domain.property_shapes[rule.fills].node_shape if rule.fills else ""
        apart = (rule.part, rule.subject_from, rule.language_of, rule.types, rule.titled_by)
        yield from _each(("key", owner, *apart), rule.iri, "key", rule.keys)


def _each(kind: tuple[object, ...], rule: str, predicate: str, texts: Iterable[str]) -> Iterator[Entry]:
    for text in texts:
        yield (*kind, _folded(text)), rule, predicate, text


def entries(checked: Checked) -> Iterator[DomainError]:
    """Yield words of a table that have two values."""
    for iri in checked.graph.instances.get(CORE + "WordList", ()):
        found: dict[str, list[str]] = defaultdict(list)
        for text in checked.graph.texts(iri, CORE + "entry"):
            word, _, value = (part.strip() for part in text.partition("="))
            found[word.casefold()].append(text if value else "")
        for word, texts in found.items():
            if len(set(texts)) > 1:
                said = (CORE + "entry", texts[-1])
                hint = "the last one counts"
                yield checked.literal_error(f"lk:entry {word!r} has {len(texts)} values", iri, said, hint)
