"""Which rules of the lexicon a row of an infobox calls."""

from __future__ import annotations

import re
from functools import lru_cache

from ..domain import Domain, FieldRule
from .context import Context

_NUMBER = re.compile(r"(?<=[a-z])\d+|\d+(?=\s|$)")


def key_words(key: str) -> str:
    """Return a key as rules write it: lower case, blanks for underscores, no counting number.

    >>> key_words("Leader2_Name")
    'leader name'
    """
    return " ".join(_NUMBER.sub("", key.replace("_", " ").lower()).split())


@lru_cache(maxsize=8)
def rule_index(domain: Domain) -> dict[str, list[FieldRule]]:
    """Return the field rules of a domain by key."""
    index: dict[str, list[FieldRule]] = {}
    for rule in domain.fields:
        for key in rule.keys:
            index.setdefault(key_words(key), []).append(rule)
    return index


class RowRules:
    """The field rules of a domain; those fit whose node shape's class fits the subject's."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.index = rule_index(context.domain)
        self.naming = frozenset(rule.fills for rule in context.domain.names)
        self.titles = {key_words(rule.titled_by) for rule in context.domain.fields if rule.titled_by}

    def of(self, key: str) -> list[FieldRule]:
        """Return the rules with a key, whatever they are about."""
        return self.index.get(key_words(key), [])

    def target(self, rule: FieldRule) -> str:
        """Return the class that the rule's property shape is about."""
        domain = self.context.domain
        return domain.node_shapes[domain.property_shapes[rule.fills or ""].node_shape].target

    def fits(self, rule: FieldRule) -> bool:
        """Tell whether a rule is about a class of the subject, or about anything."""
        if rule.fills is None or rule.types or rule.fills in self.naming:
            return True
        domain = self.context.domain
        return any(domain.is_a(cls, self.target(rule)) for cls in self.context.nodes.subject.types)

    def nearest(self, rules: list[FieldRule]) -> list[FieldRule]:
        """Of rules on a class and on its superclass, the one on the class counts; a rule that continues
        another row comes first.
        """
        chained = [rule for rule in rules if rule.subject_from]
        if chained:
            return chained[:1]
        filling = [rule for rule in rules if rule.fills and not rule.types]
        targets = {self.target(rule) for rule in filling}
        lowest = [
            r
            for r in filling
            if not any(t != self.target(r) and self.context.domain.is_a(t, self.target(r)) for t in targets)
        ]
        ends = [rule for rule in lowest if rule.part]
        return (ends or lowest[:1]) + [rule for rule in rules if rule.types]

    def office(self, words: str, *, person: bool = False) -> FieldRule | None:
        """Return the rule with that key whose values are entities; ``person``: one word is a key only if its
        values may be persons.
        """
        domain = self.context.domain
        for rule in self.of(words):
            if (
                rule.fills
                and self.fits(rule)
                and not rule.subject_from
                and (shape := domain.property_shapes[rule.fills]).kind == "node"
            ):
                fits = any(
                    domain.is_a(one, cls) for one in self.context.person_classes() for cls in shape.classes
                )
                if fits or not person or len(words.split()) > 1:
                    return rule
        return None
