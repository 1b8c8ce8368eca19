"""The lexicon compiled for look-up by word form; made once for a domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from ..domain import Domain, NounRule, TermRule, kept_with
from ..domain.english import English
from ..domain.rows import RowMapping
from ..language.tokens import Sentence
from ..statement import Span

DASHES = frozenset("-–‑‐")
CLOSED = (
    "determiner",
    "auxiliary",
    "be",
    "have",
    "modal",
    "preposition",
    "conjunction",
    "subordinator",
    "relative",
    "pronoun-thing",
    "pronoun-person",
    "pronoun-many",
    "possessive-thing",
    "possessive-person",
    "possessive-many",
    "negator",
    "opener",
)


@dataclass(frozen=True, slots=True)
class NounForm:
    """A noun in one number: its words, the class, the rule, and whether it is plural."""

    words: tuple[str, ...]
    cls: str
    rule: str
    plural: bool


StoredForm = tuple[list[str], int, int]
"""The words of a noun form, the number of its rule, and 1 for a plural."""


class Lexis:
    """Word forms to rules, and the closed word classes as sets."""

    def __init__(self, domain: Domain) -> None:
        english = domain.english
        self.english = english
        self.closed = frozenset().union(*(english.words(name) for name in CLOSED))
        self.nouns = _noun_index(domain)
        self.person_classes = frozenset(rule.fills for rule in domain.nouns if rule.pronoun == "person")
        self.heads = {head.lower(): (rule.fills, rule.iri) for rule in domain.nouns for head in rule.heads}
        self.references = _references(domain.nouns)
        self.terms = _term_index(domain.terms)
        self.term_starts = frozenset(term.split()[0] for term in self.terms)
        self.adjectives = frozenset(domain.gazetteer.adjectives)
        self.titles = english.words("person-title")
        self.adverbs = english.words("adverb")
        self.possessives = (
            english.words("possessive-thing")
            | english.words("possessive-person")
            | english.words("possessive-many")
        )
        self.endings = tuple(sorted(english.words("nationality-ending")))
        self.object_pronouns = (english.words("pronoun-thing") | english.words("pronoun-he")) - (
            english.words("possessive-person") - english.words("pronoun-or-possessive")
        )
        self.pronouns = (
            english.words("pronoun-thing") | english.words("pronoun-he") | english.words("pronoun-many")
        )
        self.openings = frozenset().union(
            *(english.words(name) for name in ("preposition", "subordinator", "opener", "adverb"))
        )
        self.hedges = english.words("hedge")
        self.negators = english.words("negator")
        self.hedge_modals = english.words("hedge-modal")
        self.be = english.words("be")
        self.naming = english.words("naming")
        self.group_verbs = (
            self.adverbs
            | english.words("auxiliary")
            | english.words("have")
            | english.words("modal")
            | english.words("negator")
        )
        self.the, self.articles = english.words("definite-article"), english.words("article")
        self.joints, self.coordinators = english.words("list-joint"), english.words("coordinator")
        self.alternatives = english.words("alternative")
        self.either_pronouns = english.words("pronoun-or-possessive")
        self.clause_joints = english.words("clause-joint")
        self.attribution_starts = frozenset(
            phrase.split()[0] for phrase in english.words("attribution-opener")
        )
        self.infinitive_markers = english.words("infinitive-marker")
        self.finite = (
            self.group_verbs
            | self.be
            | english.words("copula")
            | english.words("reporting-verb")
            | english.past_forms
        )

    def is_nationality(self, word: str) -> bool:
        """Tell whether a lower-case word is, or ends like, the adjective of a country or people."""
        return word in self.adjectives or (len(word) > 5 and word.endswith(self.endings))

    def is_adverb(self, word: str) -> bool:
        """Tell whether a lower-case word may stand inside a verb group without changing who does what."""
        return word in self.adverbs or (word.endswith("ly") and len(word) > 4)

    def joins(self, word: str) -> bool:
        """Tell whether a lower-case word or sign joins the last item of a list."""
        return word in self.joints or word == "&"

    def same(self, word: str) -> frozenset[str]:
        """Return the forms that a word of a pattern that does not inflect stands for: an indefinite article
        for every article.
        """
        indefinite = word in self.articles and word not in self.the
        return self.articles if indefinite else frozenset({word.lower()})

    def after(self, low: list[str], at: int, name: str) -> int:
        """Return the token after a word or phrase of a list that stands at a token, or the token itself."""
        for phrase in self.english.words(name):
            words = phrase.split()
            if low[at : at + len(words)] == words:
                return at + len(words)
        return at

    def noun_at(self, low: list[str], index: int) -> NounForm | None:
        """Return the longest noun form that starts at a token."""
        for form in self.nouns.get(low[index], ()):
            if tuple(low[index : index + len(form.words)]) == form.words:
                return form
        return None

    def may_be_term(self, word: str) -> bool:
        """Tell whether a term can begin with a lower-case word."""
        return word in self.term_starts or not DASHES.isdisjoint(word)

    def term(self, word: str) -> tuple[str, str] | None:
        """Return (class, rule) when every part of a hyphenated lower-case word names an instance of one
        class.
        """
        known = self.terms.get(word)
        if known is not None or DASHES.isdisjoint(word):
            return known
        parts = [
            self.terms.get(part)
            for part in word.replace("–", "-").replace("‑", "-").replace("‐", "-").split("-")
        ]
        return parts[0] if all(parts) and len({part[0] for part in parts if part}) == 1 else None


def _references(rules: Iterable[NounRule]) -> dict[str, frozenset[str]]:
    """Nouns that only point back, with the classes that they may stand for."""
    found: dict[str, frozenset[str]] = {}
    for rule in rules:
        for noun in rule.references:
            found[noun] = found.get(noun, frozenset()) | {rule.fills}
    return found


def _noun_index(domain: Domain) -> Mapping[str, list[NounForm]]:
    """Nouns by first word; among equal words a plural stands for a class that is minted from plurals, a
    singular for another.
    """
    stored = kept_with(domain, "nouns", partial(_noun_forms, domain))
    return RowMapping(stored, partial(_made_forms, domain.nouns))


def _made_forms(rules: Sequence[NounRule], stored: list[StoredForm]) -> list[NounForm]:
    return [
        NounForm(tuple(words), rules[number].fills, rules[number].iri, bool(plural))
        for words, number, plural in stored
    ]


def _noun_forms(domain: Domain) -> dict[str, list[StoredForm]]:
    """All nouns by first word, in the order in which they are looked at."""
    english = domain.english
    index: dict[str, list[StoredForm]] = defaultdict(list)
    for number, rule in enumerate(domain.nouns):
        for form in rule.forms:
            words = list(_words(form))
            index[words[0]].append((words, number, 0))
            plural = [*words[:-1], plural_of(english, words[-1])]
            if plural != words:
                index[plural[0]].append((plural, number, 1))

    def order(form: StoredForm) -> tuple[int, list[str], bool, str]:
        words, number, plural = form
        rule = domain.nouns[number]
        return -len(words), words, bool(plural) != (rule.fills in domain.minted_plural), rule.iri

    return {word: sorted(forms, key=order) for word, forms in index.items()}


def _words(form: str) -> tuple[str, ...]:
    """The words of a form in lower case: between letters and single spaces there are no other tokens."""
    if form.isascii() and form.replace(" ", "").isalpha():
        return tuple(form.lower().split())
    return tuple(Sentence(form, Span(0, len(form))).low)


def plural_of(english: English, noun: str) -> str:
    """Return a noun's plural, from the table or by the regular spelling.

    >>> from lodkit.domain.english import English
    >>> plural_of(English({}, {}, {}), "party")
    'parties'
    """
    for singular, plural in english.table("plural").items():
        if noun == singular or (singular == "man" and noun.endswith(singular)):
            return noun.removesuffix(singular) + plural
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _term_index(rules: Iterable[TermRule]) -> dict[str, tuple[str, str]]:
    return {form.lower(): (rule.fills, rule.iri) for rule in rules for form in rule.forms}


@lru_cache(maxsize=8)
def lexis_of(domain: Domain) -> Lexis:
    """Return the compiled lexicon of a domain."""
    return Lexis(domain)
