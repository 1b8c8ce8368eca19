"""Well-known places, read from ``ontology/gazetteer.tsv``: what a name is, and nothing else about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable

from ..errors import DomainError

COLUMNS = 6
_FILE = "ontology/gazetteer.tsv"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: its name, class, the country of a city, and how far its bare name can be trusted.

    ``mark`` is empty, ``weak`` (a place only where the sentence wants one) or ``stop`` (never from the name
    alone).
    """

    name: str
    cls: str
    country: str
    mark: str


@dataclass(frozen=True)
class Gazetteer:
    """Entries by folded name, and the adjectives of countries ("Norlandic") by lower-case word."""

    entries: Mapping[str, Entry]
    adjectives: Mapping[str, str]

    def find(self, name: str) -> Entry | None:
        """Return the entry that the name or an alternative name stands for, or None."""
        return self.entries.get(fold(name))


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Return the key under which spellings of one name meet: no diacritics, case, article or possessive; one
    space for - / .

    >>> fold("The Malmo") == fold("malmö")
    True
    """
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"[’']s\b|[’'](?!\w)", "", text).replace("’", "'")
    text = re.sub(r"(?<=\w)\.(?=\w\b)", "", text)
    text = re.sub(r"[-‐‑–—/.\s]+", " ", text).strip()
    return text.removeprefix("the ")


def read_gazetteer(
    folder: Traversable, expand: Mapping[str, str], classes: Collection[str] = ()
) -> Gazetteer:
    """Read the gazetteer of a domain folder; a domain without one has an empty one.

    ``expand`` maps prefixes to namespaces for the class column; its classes must be among ``classes`` if any
    are given.

    Raises:
        DomainError: a line has the wrong number of columns, an unknown prefix or an unknown class.
    """
    path = folder.joinpath("ontology", "gazetteer.tsv")
    entries: dict[str, Entry] = {}
    adjectives: dict[str, str] = {}
    if not path.is_file():
        return Gazetteer(entries, adjectives)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(("#", "name\t")) or not line:
            continue
        cells = line.split("\t")
        if len(cells) != COLUMNS:
            raise DomainError(
                f"not a gazetteer line of {COLUMNS} columns", file=_FILE, line=number, term=cells[0]
            )
        prefix, _, local = cells[1].partition(":")
        cls = expand.get(prefix, "") + local
        if prefix not in expand or (classes and cls not in classes):
            raise DomainError(
                f"{cells[1]!r} is no class",
                file=_FILE,
                line=number,
                term=cells[0],
                hint="declare it in ontology/",
            )
        entry = Entry(cells[0], cls, cells[2], cells[5])
        for name in (cells[0], *filter(None, cells[3].split("|"))):
            entries.setdefault(fold(name), entry)
        for adjective in filter(None, cells[4].split("|")):
            adjectives.setdefault(adjective.lower(), cells[0])
    return Gazetteer(entries, adjectives)
