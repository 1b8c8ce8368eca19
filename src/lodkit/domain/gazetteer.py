"""Well-known places, read from ``ontology/gazetteer.tsv``: what a name is, and nothing else about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources.abc import Traversable

from ..errors import DomainError
from .folder import part_files, read_text
from .graph import Read

COLUMNS = 6
MARKS = frozenset(("", "weak", "stop"))
_FILE = "ontology/gazetteer.tsv"
_CODES = "ontology/codes.tsv"
_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")


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
    """Entries by folded name, the adjectives of countries ("Norlandic") by lower-case word, and names by the
    codes that stand for them in markup.
    """

    entries: Mapping[str, Entry]
    adjectives: Mapping[str, str]
    codes: Mapping[str, str] = field(default_factory=dict)

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
    if _PLAIN.fullmatch(name):  # most names: nothing else below would change them
        return name.lower().removeprefix("the ")
    text = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"[’']s\b|[’'](?!\w)", "", text).replace("’", "'")
    text = re.sub(r"(?<=\w)\.(?=\w\b)", "", text)
    text = re.sub(r"[-‐‑–—/.\s]+", " ", text).strip()
    return text.removeprefix("the ")


def gazetteer_files(folder: Traversable) -> list[tuple[str, Traversable]]:
    """Return the gazetteer of a domain folder and its codes, as `part_files`, if it has them.

    Raises:
        DomainError: there is no ``ontology/``, or it cannot be read.
    """
    return [(name, path) for name, path in part_files(folder, "ontology", ".tsv") if name in (_CODES, _FILE)]


def read_gazetteer(
    folder: Traversable,
    expand: Mapping[str, str],
    classes: Collection[str] = (),
    *,
    read: Read = read_text,
) -> Gazetteer:
    """Read the gazetteer of a domain folder; a domain without one has an empty one.

    ``expand`` maps prefixes to namespaces for the class column; its classes must be among ``classes`` if any
    are given.

    Raises:
        DomainError: the file cannot be read, or a line has the wrong number of columns, no name, an unknown
            prefix, class or mark.
    """
    entries: dict[str, Entry] = {}
    adjectives: dict[str, str] = {}
    known: dict[str, str] = {}
    texts = {name: read(folder, path, name) for name, path in gazetteer_files(folder)}
    text = texts.get(_FILE, "")
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("#", "name\t")) or not line:
            continue
        cells = line.split("\t")
        _check_row(cells, number)
        cls = known.get(cells[1]) or _class(cells[1], expand)
        if cls is None or (classes and cls not in classes):
            raise _error(f"{cells[1]!r} is no class", number, cells[0], "declare it in ontology/")
        known[cells[1]] = cls
        entry = Entry(cells[0], cls, cells[2], cells[5])
        entries.setdefault(fold(cells[0]), entry)
        for name in filter(None, cells[3].split("|")):
            entries.setdefault(fold(name), entry)
        for adjective in filter(None, cells[4].split("|")):
            adjectives.setdefault(adjective.lower(), cells[0])
    return Gazetteer(entries, adjectives, dict(_codes(texts.get(_CODES, ""), entries)))


def _codes(text: str, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("#", "code\t")) or not line:
            continue
        code, _, name = line.partition("\t")
        if not code or fold(name) not in entries:
            hint = "write a code, a tab and a name of the gazetteer"
            raise DomainError("not a line of codes", file=_CODES, line=number, term=code or line, hint=hint)
        yield code, name


def _class(curie: str, expand: Mapping[str, str]) -> str | None:
    prefix, _, local = curie.partition(":")
    return expand[prefix] + local if prefix in expand else None


def _check_row(cells: list[str], line: int) -> None:
    if len(cells) != COLUMNS:
        raise _error(f"not a gazetteer line of {COLUMNS} columns", line, cells[0])
    if not fold(cells[0]):
        raise _error("a gazetteer line without a name", line, cells[0])
    if cells[-1] not in MARKS:
        raise _error(f"{cells[-1]!r} is no mark", line, cells[0], "weak, stop or nothing")


def _error(message: str, line: int, name: str, hint: str | None = None) -> DomainError:
    return DomainError(message, file=_FILE, line=line, term=name, hint=hint)
