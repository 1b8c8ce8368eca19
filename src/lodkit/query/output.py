"""Write answers: a table for a terminal, CSV and TSV (SPARQL 1.1 Query Results CSV and TSV Formats), JSON (…
JSON Format), Markdown.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ..odd import OddTerm
from .layout import clean, lay_out
from .solutions import Cell, Solutions, shorten, without

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
    safe: bool = False,
) -> str:
    """Write the solutions as ``table``, ``csv``, ``tsv``, ``json`` or ``md``.

    Table and Markdown shorten IRIs by the prefixes and put labels beside them; the table fits into ``width``
    columns.
    Quotes are lines under a table's row, else a column ``evidence``. In ``safe`` CSV and TSV no cell is a
    formula.
    """
    reader = _Reader(labels or {}, prefixes or {})
    if form in ("table", "md"):
        solutions = without(solutions, solutions.hidden)
    if form == "table":
        return _table(solutions, reader, width)
    solutions = _with_evidence(solutions)
    if safe and form in SPREADSHEET_FORMATS:
        solutions = _guarded(solutions)
    return WRITERS[form](solutions, reader)


SPREADSHEET_FORMATS = ("csv", "tsv")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Reader:
    """Writes a term as people read it."""

    def __init__(self, labels: Mapping[str, str], prefixes: Mapping[str, str]) -> None:
        self.labels = labels
        self.prefixes = prefixes

    def __call__(self, cell: Cell) -> str:
        if isinstance(cell, NamedNode):
            short, label = shorten(cell.value, self.prefixes), self.labels.get(cell.value)
            return clean(short if label is None else f"{label} ({short})")
        if isinstance(cell, Literal):
            return clean(f"{cell.value} @{cell.language}" if cell.language else cell.value)
        return "" if cell is None else clean(str(cell))


def _with_evidence(solutions: Solutions) -> Solutions:
    if solutions.cites is None:
        return solutions
    quotes = (Literal("\n".join(map(str, cites))) if cites else None for cites in solutions.cites)
    rows = tuple((*row, quote) for row, quote in zip(solutions.rows, quotes, strict=True))
    return replace(solutions, variables=(*solutions.variables, "evidence"), rows=rows, cites=None)


def _guarded(solutions: Solutions) -> Solutions:
    """Put an apostrophe before texts that a spreadsheet would take for a formula
    (https://owasp.org/www-community/attacks/CSV_Injection).
    """
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
    return lay_out([list(solutions.variables), *rows], [[], *notes], width)


def _csv(solutions: Solutions, _: _Reader) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180 §2
    writer.writerow(solutions.variables)
    writer.writerows([_plain(cell) for cell in row] for row in solutions.rows)
    return out.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, NamedNode | Literal | OddTerm):
        return str(cell.value)
    return "" if cell is None else str(cell)


def _tsv(solutions: Solutions, _: _Reader) -> str:
    lines = ["\t".join(f"?{variable}" for variable in solutions.variables)]
    lines += [
        "\t".join("" if cell is None else str(cell).replace("\t", "\\t") for cell in row)
        for row in solutions.rows
    ]
    return "\n".join(lines) + "\n"


def _json(solutions: Solutions, _: _Reader) -> str:
    if solutions.form == "ASK":
        answer: dict[str, Any] = {"head": {}, "boolean": _plain(solutions.rows[0][0]) == "true"}
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


WRITERS: Mapping[str, Callable[[Solutions, _Reader], str]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "md": _markdown,
}
FORMATS = ("table", *WRITERS)
