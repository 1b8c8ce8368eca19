"""Keys of infobox rows, as rules write them, and the rules that they call."""

from __future__ import annotations

import re
from functools import lru_cache

from ..domain import Domain, FieldRule

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
