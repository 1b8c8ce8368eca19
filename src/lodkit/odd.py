"""Cells of answers that are no terms of RDF, as servers give them: they are kept as they came, and told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Triple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


@dataclass(frozen=True, slots=True)
class OddTerm:
    """What a server gave for a term and is none: an IRI with a space in it, or a text with an ill-formed
    language tag (``language``) or datatype (``datatype``).
    """

    value: str
    language: str | None = None
    datatype: str | None = None

    @property
    def is_literal(self) -> bool:
        """Whether it is a text with a tag or a datatype, and no IRI."""
        return self.language is not None or self.datatype is not None

    def __str__(self) -> str:
        if self.language is not None:
            return f'"{self.value}"@{self.language}'
        return f'"{self.value}"^^<{self.datatype}>' if self.datatype is not None else f"<{self.value}>"


OddCell = NamedNode | BlankNode | Literal | Triple | OddTerm | None


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row some of whose cells may be odd; cells are got by the names of their variables, too."""

    names: Sequence[str]
    cells: tuple[OddCell, ...]

    def __iter__(self) -> Iterator[OddCell]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, name: str | int) -> OddCell:
        return self.cells[self.names.index(name) if isinstance(name, str) else name]


class CellReader:
    """Reads cells of results in JSON (SPARQL 1.1 Query Results JSON §3.2) one by one; ``odd`` counts those
    that are no terms by what is wrong with them, ``first`` has one of each.
    """

    def __init__(self) -> None:
        self.odd: Counter[str] = Counter()
        self.first: dict[str, OddTerm] = {}
        self._labels: dict[str, BlankNode] = {}

    def rows(self, names: Sequence[str], bindings: Iterable[Mapping[str, Any]]) -> list[OddRow]:
        """Return rows; what is not bound is None.

        Raises:
            ValueError: a cell is of no kind that there is.
        """
        return [
            OddRow(names, tuple(self.cell(binding[name]) if name in binding else None for name in names))
            for binding in bindings
        ]

    def cell(self, told: Any) -> OddCell:
        """Return a cell as a term, or as an odd one.

        Raises:
            ValueError: it is of no kind that there is.
        """
        if not isinstance(told, dict):
            raise ValueError("a cell is no object")
        kind, value = told.get("type"), told.get("value")
        if kind == "triple" and isinstance(value, dict):
            return self._triple(value)
        if not isinstance(value, str):
            raise ValueError("a cell has no text as its value")
        if kind == "uri":
            return self._iri(value)
        if kind == "bnode":  # any label will do: it means something in this answer only
            return self._labels.setdefault(value, BlankNode(f"b{len(self._labels)}"))
        if kind in ("literal", "typed-literal"):
            return self._literal(value, told)
        raise ValueError(f"a cell of the kind {kind!r}")

    def _iri(self, value: str) -> OddCell:
        try:
            return NamedNode(value)
        except ValueError:
            return self._kept("an IRI that is none", OddTerm(value))

    def _literal(self, value: str, told: Mapping[str, Any]) -> OddCell:
        language, datatype = told.get("xml:lang"), told.get("datatype")
        if language:
            try:
                return Literal(value, language=str(language), direction=_direction(told.get("its:dir")))
            except ValueError:
                return self._kept("a language tag that is none", OddTerm(value, language=str(language)))
        if not datatype or datatype == _LANG_STRING:
            return Literal(value)
        try:
            return Literal(value, datatype=NamedNode(str(datatype)))
        except ValueError:
            return self._kept("a datatype that is no IRI", OddTerm(value, datatype=str(datatype)))

    def _triple(self, told: Mapping[str, Any]) -> OddCell:
        parts: list[Any] = [self.cell(told.get(name)) for name in ("subject", "predicate", "object")]
        try:
            return Triple(*parts)
        except (TypeError, ValueError):
            raise ValueError("a triple of what no triple has") from None

    def _kept(self, what: str, term: OddTerm) -> OddTerm:
        self.odd[what] += 1
        self.first.setdefault(what, term)
        return term


def _direction(word: Any) -> BaseDirection | None:
    return {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL}.get(word)
