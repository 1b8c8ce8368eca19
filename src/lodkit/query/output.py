"""Write answers: a table for a terminal, CSV and TSV (SPARQL 1.1 Query Results CSV and TSV Formats), JSON (…
JSON Format), Markdown, HTML.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..errors import UsageError
from ..odd import OddTerm
from .html import html_page
from .layout import clean, lay_out, lay_out_list
from .solutions import Cell, Solutions, add_labels, cited, plain, shorten, without

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def format_solutions(
    solutions: Solutions,
    form: str,
    *,
    labels: Mapping[str, str] | None = None,
    prefixes: Mapping[str, str] | None = None,
    width: int = 100,
    iris: bool = False,
) -> str:
    """Write the solutions as ``table``, ``csv``, ``tsv``, ``json``, ``md`` or ``html``.

    For people (table, md, html) IRIs are shortened by the prefixes and shown by their labels: in a table,
    which fits into ``width`` character cells, with a number under which the IRI is listed below, or with
    ``iris`` beside it. In the other formats ``xLabel`` is a column after ``x``, where labels are given.
    Quotes are lines under a table's row, else columns.

    Raises:
        UsageError: there is no such format.
    """
    labels, prefixes = labels or {}, prefixes or {}
    if form not in FORMATS:
        raise UsageError("no format of tables", file=form, hint=f"one of {', '.join(FORMATS)}")
    if form in _FOR_PEOPLE:
        solutions = without(solutions, solutions.hidden)
    if form == "html":
        return html_page(solutions, labels, prefixes)
    if form == "table":
        return _table(solutions, _Reader(labels, prefixes, None if iris else {}), width)
    if form == "md":
        return _markdown(cited(solutions, ("evidence",)), _Reader(labels, prefixes))
    return WRITERS[form](cited(add_labels(solutions, labels)))


LABELLED = ("table", "md", "html", "xlsx")
"""The formats that have labels unless told otherwise."""

_FOR_PEOPLE = ("table", "md", "html")
SPREADSHEET_FORMATS = ("csv", "tsv")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Reader:
    """Writes a term as people read it; ``numbers`` are those of the IRIs whose labels were written, or None
    where the IRIs stand beside them.
    """

    def __init__(
        self, labels: Mapping[str, str], prefixes: Mapping[str, str], numbers: dict[str, int] | None = None
    ) -> None:
        self.labels = labels
        self.prefixes = prefixes
        self.numbers = numbers

    def __call__(self, cell: Cell) -> str:
        if isinstance(cell, NamedNode):
            return clean(self._named(cell.value))
        if isinstance(cell, Literal):
            return clean(f"{cell.value} @{cell.language}" if cell.language else cell.value)
        return "" if cell is None else clean(str(cell))

    def _named(self, iri: str) -> str:
        short, label = shorten(iri, self.prefixes), self.labels.get(iri)
        if label is None:
            return short
        if self.numbers is None:
            return f"{label} ({short})"
        return f"{label} [{self.numbers.setdefault(iri, len(self.numbers) + 1)}]"

    def listed(self) -> list[tuple[str, str]]:
        """Return the numbers with their IRIs."""
        return [(f"[{n}]", shorten(iri, self.prefixes)) for iri, n in (self.numbers or {}).items()]


def without_formulas(solutions: Solutions) -> Solutions:
    """Return the solutions, quotes as columns, with an apostrophe before texts that a spreadsheet would take
    for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    solutions = cited(solutions)
    rows = tuple(tuple(map(_not_a_formula, row)) for row in solutions.rows)
    return replace(solutions, rows=rows)


def _not_a_formula(cell: Cell) -> Cell:
    if not isinstance(cell, Literal | OddTerm) or not cell.value.startswith(_FORMULA_STARTS):
        return cell  # an IRI begins with a letter
    if isinstance(cell, OddTerm):
        return replace(cell, value=f"'{cell.value}")
    if cell.language:
        return Literal(f"'{cell.value}", language=cell.language)
    return Literal(f"'{cell.value}", datatype=cell.datatype)


def _table(solutions: Solutions, reader: _Reader, width: int) -> str:
    rows = [[reader(cell) for cell in row] for row in solutions.rows]
    notes = [[clean(str(cite)) for cite in cites] for cites in solutions.cites or ()]
    table = lay_out([list(solutions.variables), *rows], [[], *notes], width)
    listed = reader.listed()
    return table + ("\n" + lay_out_list(listed, width) if listed else "")


def _csv(solutions: Solutions) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180 §2
    writer.writerow(solutions.variables)
    writer.writerows([plain(cell) for cell in row] for row in solutions.rows)
    return out.getvalue()


def _tsv(solutions: Solutions) -> str:
    lines = ["\t".join(f"?{variable}" for variable in solutions.variables)]
    lines += [
        "\t".join("" if cell is None else str(cell).replace("\t", "\\t") for cell in row)
        for row in solutions.rows
    ]
    return "\n".join(lines) + "\n"


def _json(solutions: Solutions) -> str:
    if solutions.form == "ASK":
        answer: dict[str, Any] = {"head": {}, "boolean": plain(solutions.rows[0][0]) == "true"}
    else:
        pairs = [zip(solutions.variables, row, strict=True) for row in solutions.rows]
        bindings = [{name: _json_term(cell) for name, cell in pair if cell is not None} for pair in pairs]
        answer = {"head": {"vars": list(solutions.variables)}, "results": {"bindings": bindings}}
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _json_term(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, NamedNode):
        return {"type": "uri", "value": cell.value}
    if isinstance(cell, BlankNode):
        return {"type": "bnode", "value": cell.value}
    if isinstance(cell, Triple):
        parts = {"subject": cell.subject, "predicate": cell.predicate, "object": cell.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    if isinstance(cell, OddTerm):
        return _odd_json(cell)
    assert isinstance(cell, Literal)
    extra = (
        {"xml:lang": cell.language}
        if cell.language
        else {}
        if cell.datatype.value == XSD_STRING
        else {"datatype": cell.datatype.value}
    )
    return {"type": "literal", "value": cell.value, **extra}


def _odd_json(cell: OddTerm) -> dict[str, Any]:
    """What no term is, as the server gave it."""
    if not cell.is_literal:
        return {"type": "uri", "value": cell.value}
    extra = {"xml:lang": cell.language} if cell.language is not None else {"datatype": cell.datatype}
    return {"type": "literal", "value": cell.value, **extra}


def _markdown(solutions: Solutions, reader: _Reader) -> str:
    rows = [solutions.variables, *(tuple(map(reader, row)) for row in solutions.rows)]
    lines = ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(solutions.variables))
    return "\n".join(lines) + "\n"


_MARKDOWN = {ord(char): "\\" + char for char in "\\`*_{}[]<>#|~"} | {ord("&"): "&amp;"}


def _escaped(text: str) -> str:
    return text.translate(_MARKDOWN)


WRITERS: Mapping[str, Callable[[Solutions], str]] = {"csv": _csv, "tsv": _tsv, "json": _json}
FORMATS = ("table", *WRITERS, "md", "html")
