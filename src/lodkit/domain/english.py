"""The language itself, read from ``ontology/english.ttl``: word lists, tables, and how words inflect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .graph import DomainGraph

_VOWELS = frozenset("aeiou")
_TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")  # RFC 4647 §2.1
_MONTHS = frozenset(map(str, range(1, 13)))


@dataclass(frozen=True)
class English:
    """Word lists (lower case, by name) and tables (``word = value``, by name)."""

    lists: Mapping[str, frozenset[str]]
    tables: Mapping[str, Mapping[str, str]]
    verbs: Mapping[str, tuple[str, ...]] = field(repr=False)

    def words(self, name: str) -> frozenset[str]:
        """Return the word list of that name; an absent one is empty."""
        found = self._words.get(name)
        if found is None:
            found = self._words[name] = self.lists.get(name, frozenset())
        return found

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        """The word lists that were asked for: a plain mapping, as this is asked most of all."""
        return {}

    def table(self, name: str) -> Mapping[str, str]:
        """Return the table of that name; an absent one is empty."""
        return self.tables.get(name, {})

    @cached_property
    def months(self) -> dict[str, int]:
        """Month names and abbreviations in lower case to 1–12."""
        return {word: int(number) for word, number in self.table("month").items()}

    def inflections(self, lemma: str) -> frozenset[str]:
        """Return the lemma and every form that it takes, as verb or noun.

        Regular forms are generated, so a form that no text has may be among them; irregular ones come from
        the table.
        """
        if lemma in self.verbs:
            return frozenset((lemma, *self.verbs[lemma]))
        return frozenset((lemma, *_regular(lemma)))

    def verb_form(self, word: str, lemmas: frozenset[str] = frozenset()) -> str:
        """Return ``ing``, ``s``, ``past`` or ``base`` for a lower-case form of one of the lemmas."""
        if word.endswith("ing") and word not in lemmas:
            return "ing"
        if word in lemmas:
            return "past" if word in self.past_forms or word.endswith("ed") else "base"
        return "s" if word.endswith("s") and word not in self.past_forms else "past"

    @cached_property
    def past_forms(self) -> frozenset[str]:
        """Irregular past tenses and participles."""
        return frozenset(
            form for forms in self.verbs.values() for form in forms if not form.endswith(("ing", "s"))
        )


def _regular(lemma: str) -> tuple[str, ...]:
    if lemma.endswith("e"):
        return (lemma + "s", lemma + "d", lemma[:-1] + "ing")
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return (lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return (lemma + "es", lemma + "ed", lemma + "ing")
    doubled = lemma + lemma[-1:]
    return (lemma + "s", lemma + "ed", lemma + "ing", doubled + "ed", doubled + "ing")


def _entry(graph: DomainGraph, iri: str, text: str) -> tuple[str, str]:
    word, _, value = (part.strip() for part in text.partition("="))
    if not (word and value):
        raise graph.error(f"lk:entry {text!r} is not of the form 'word = value'", iri)
    return word.lower(), value


def read_english(graph: DomainGraph, core: str) -> English:
    """Read the ``lk:WordList`` nodes of the graph; ``core`` is the namespace of ``lk:``.

    Raises:
        DomainError: a word or an entry of a list is empty, or a month has no number from 1 to 12, or
            a language no tag.
    """
    lists: dict[str, frozenset[str]] = {}
    tables: dict[str, dict[str, str]] = {}
    for iri in graph.instances.get(core + "WordList", ()):
        name = iri.rpartition("#")[2]
        lists[name] = frozenset(word.lower() for word in graph.texts(iri, core + "form"))
        tables[name] = dict(_entry(graph, iri, entry) for entry in graph.texts(iri, core + "entry"))
        if not all(word.strip() for word in lists[name]):
            raise graph.error("has a lk:form without a word", iri)
        if name == "month" and not all(number in _MONTHS for number in tables[name].values()):
            raise graph.error("has a lk:entry that is no month: write 'may = 5'", iri)
        if name == "language" and not all(map(_TAG.fullmatch, tables[name].values())):
            raise graph.error("has a lk:entry that is no language tag: write 'dutch = nl'", iri)
    verbs = {lemma: tuple(forms.split()) for lemma, forms in tables.get("irregular", {}).items()}
    return English(lists, tables, verbs)
