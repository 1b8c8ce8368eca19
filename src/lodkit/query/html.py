"""Answers as HTML: a table for a notebook, a page of its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from .layout import clean
from .solutions import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .solutions import Cell, Cite, Solutions

_LINKED = ("http://", "https://")  # nothing else is followed: data may hold javascript:
_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
    "th,td{padding:.3em .7em;text-align:left;vertical-align:top;border-bottom:1px solid #8884}"
)


def html_page(solutions: Solutions, labels: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    """Return an answer as a page that needs nothing else."""
    table = html_table(solutions, labels, prefixes)
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(', '.join(solutions.variables))}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{table}</body>\n</html>\n"
    )


def html_table(
    solutions: Solutions,
    labels: Mapping[str, str],
    prefixes: Mapping[str, str],
    *,
    most: int | None = None,
) -> str:
    """Return an answer as a ``table``, of more than ``most`` rows the first and how many there are.

    IRIs are links, shown by their labels or short; quotes are a column, linked to where their article comes
    from.
    """
    cites = solutions.cites
    names = [*solutions.variables, *(["evidence"] if cites is not None else [])]
    head = "".join(f"<th>{escape(clean(name))}</th>" for name in names)
    lines = [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for index, row in enumerate(solutions.rows[:most]):
        cells = "".join(_cell(cell, labels, prefixes) for cell in row)
        quotes = f"<td>{_quotes(cites[index])}</td>" if cites is not None else ""
        lines.append(f"<tr>{cells}{quotes}</tr>")
    lines.append("</tbody>")
    more = len(solutions.rows) - len(solutions.rows[:most])
    rest = [f"<p>… and {more} more rows</p>"] if more else []
    return "\n".join(["<table>", *lines, "</table>", *rest]) + "\n"


def _cell(cell: Cell, labels: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    if isinstance(cell, NamedNode):
        short = shorten(cell.value, prefixes)
        return f"<td>{_link(cell.value, labels.get(cell.value, short), short)}</td>"
    if isinstance(cell, Literal):
        language = f' lang="{escape(cell.language)}"' if cell.language else ""
        return f"<td{language}>{escape(clean(cell.value))}</td>"
    return f"<td>{'' if cell is None else escape(clean(str(cell)))}</td>"


def _link(iri: str, text: str, title: str) -> str:
    shown = escape(clean(text))
    if not iri.startswith(_LINKED):
        return f'<span title="{escape(clean(title))}">{shown}</span>'
    return f'<a href="{escape(iri)}" title="{escape(clean(title))}">{shown}</a>'


def _quotes(cites: Sequence[Cite]) -> str:
    return "<br>".join(_quote(cite) for cite in cites)


def _quote(cite: Cite) -> str:
    place = f"{cite.file or cite.article}:{cite.line}:{cite.column}"
    where = _link(cite.source, place, cite.source) if cite.source else escape(clean(place))
    return f"<q>{escape(clean(cite.quote))}</q> {where}"
