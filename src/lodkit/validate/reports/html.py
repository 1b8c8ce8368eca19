"""Reports as one page for a browser: no script, nothing loaded from elsewhere, light or dark, or on paper."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from ..groups import grouped
from ..render import advice, allowed, clean, told_details, untold_details
from .model import relative_name, spots
from .words import counted, left_out, reasons, shape_title, triple_text, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..groups import Group
    from ..report import Report, Result
    from .model import Run, Spot, Validated

_MOST_PLACES = 5
_DEEPEST_DETAIL = 5
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(run: Run) -> str:
    """Return a page with a part for each file, in it one for each shape with results."""
    files = "".join(part for one in run.files for part in _file(one, run))
    word, kind = ("passed", "good") if run.passes else ("failed", "violation")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>Validation {word}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f'<h1>Validation <span class="{kind}">{word}</span></h1>\n{_overview(run)}{files}</body>\n</html>\n'
    )


def _style() -> str:
    return files(__package__).joinpath("page.css").read_text("utf-8")


def _overview(run: Run) -> str:
    rows = "".join(
        f"<tr><td>{_text(relative_name(one.file, run.folder))}</td>"
        f"<td>{_text(verdict(one.report) if one.report else 'not validated')}</td></tr>\n"
        for one in run.files
    )
    return f"<table>\n<tr><th>File</th><th>Verdict</th></tr>\n{rows}</table>\n" if len(run.files) > 1 else ""


def _file(one: Validated, run: Run) -> Iterator[str]:
    yield f"<h2>{_text(relative_name(one.file, run.folder))}</h2>\n"
    report = one.report
    if report is None:
        yield f'<p class="violation">{_text(str(one.error))}</p>\n'
        return
    kind = "good" if report.passes(run.fail_on) else "violation"
    yield f'<p class="verdict {kind}">{_text(verdict(report))}</p>\n'
    more = left_out(report.left_out)
    if more:
        yield f"<p>{_text(more)}</p>\n"
    if report.note:
        yield f'<p class="dim">{_text(report.note)}</p>\n'
    for group in grouped(report):
        yield from _group(one, report, group, run)


def _group(one: Validated, report: Report, group: Group, run: Run) -> Iterator[str]:
    said = report.texts.get(group.shape)
    yield f"<section>\n<header>\n<h3>{_text(shape_title(report, group.shape))}</h3>\n"
    if said and said.description:
        yield f"<p>{_text(said.description)}</p>\n"
    counts = counted(group.counts)
    yield f'<p class="dim"><code>{_text(report.name(group.shape))}</code>: {_text(counts)}</p>\n</header>\n'
    for result in group.results:
        yield from _result(one, report, result, run)
    more = left_out(group.left_out)
    if more:
        yield f'<p class="result dim">{_text(more)}</p>\n'
    yield "</section>\n"


def _result(one: Validated, report: Report, result: Result, run: Run) -> Iterator[str]:
    severity = result.severity.value.lower()
    word = f'<span class="severity {severity}">{severity}</span>'
    yield f'<div class="result">\n<p>{word} {_text(result.message)}</p>\n'
    places = spots(one, result)
    for spot in places[:_MOST_PLACES]:
        yield from _place(report, spot, run)
    more = len(places) + result.more_places - _MOST_PLACES
    if more > 0:
        yield f'<p class="dim">and {more} more place{"s" * (more > 1)}</p>\n'
    label = f"{_text(result.label)}: " if result.label else ""
    yield f"<p>{label}<code>{_text(triple_text(report, result))}</code></p>\n"
    if result.made_by is not None:
        yield f'<p class="dim">{_text(reasons(report, result)[0])}</p>\n'
    yield from _details(report, result, 1)
    expected = f"; allowed: {_text(allowed(result))}" if result.expected else ""
    yield f'<p class="dim">{_text(advice(report, result))}{expected}</p>\n</div>\n'


def _place(report: Report, spot: Spot, run: Run) -> Iterator[str]:
    place = spot.place
    file = relative_name(spot.file, run.folder) if spot.file else report.name(place.file) if place else ""
    line = spot.line or (place.line if place else None)
    column = spot.column or (place.column if place else None)
    known = ":".join(str(part) for part in (file, line, column) if part)
    if known:
        yield f'<p class="dim">{_text(known)}</p>\n'
    if place is None:
        return
    if place.text is None:
        yield f"<blockquote><mark>{_text(place.words)}</mark></blockquote>\n"
        return
    start, end = place.indent, place.indent + place.width
    before, words, after = place.text[:start], place.text[start:end], place.text[end:]
    yield f"<blockquote>{_text(before)}<mark>{_text(words)}</mark>{_text(after)}</blockquote>\n"


def _details(report: Report, result: Result, depth: int) -> Iterator[str]:
    details = told_details(report, result)
    if not details or depth > _DEEPEST_DETAIL:
        return
    yield "<ul>\n"
    for detail in details:
        text = f"{triple_text(report, detail)}: {detail.message}"
        yield f"<li>{_text(text)}\n"
        yield from _details(report, detail, depth + 1)
        yield "</li>\n"
    if more := untold_details(report, result):
        yield f"<li>and {more} more reason{'s' * (more > 1)}</li>\n"
    yield "</ul>\n"


def _text(text: str) -> str:
    """A text on one line, without control and formatting characters, as HTML."""
    return escape(clean(text))
