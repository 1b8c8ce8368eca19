"""What somebody may have meant who wrote a word that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_LONGEST_WORD = 80  # characters of a word that is compared with known ones
_MOST_KNOWN = 2_000  # words that one is compared with


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the known word that is most like a misspelt one, if any is; of very many none is looked for.

    >>> nearest("minLenght", ["maxLength", "minLength", "name"])
    'minLength'
    """
    if len(word) > _LONGEST_WORD or len(known) > _MOST_KNOWN:
        return None
    from difflib import get_close_matches  # needed where something is wrong

    most = 2 + len(word) // 3
    likely = (one for one in sorted(known, reverse=True) if abs(len(one) - len(word)) <= most)
    by_case = {one.lower(): one for one in likely}
    found = get_close_matches(word.lower(), list(by_case), n=1, cutoff=0.7)
    return by_case[found[0]] if found else None


def proposal(word: str, known: Collection[str], otherwise: str, prefix: str = "") -> str:
    """Return the hint that names the nearest known word, or another one."""
    found = nearest(word, known)
    return f"perhaps {prefix}{found}" if found else otherwise
