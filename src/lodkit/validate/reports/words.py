"""The words that formats share: counts, verdicts, one line of text for a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..render import allowed, clean, told_details, untold_details

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..report import Report, Result, Severity
    from .model import Run

_MOST_REASONS = 10


def counted(counts: Mapping[Severity, int]) -> str:
    """Return counts by severity in words.

    >>> from lodkit.validate.report import Severity
    >>> counted({Severity.VIOLATION: 2, Severity.WARNING: 1, Severity.INFO: 0})
    '2 violations, 1 warning'
    """
    return ", ".join(
        f"{count} {severity.value.lower()}{'s' * (count != 1)}" for severity, count in counts.items() if count
    )


def verdict(report: Report) -> str:
    """Return the verdict of a report with its counts."""
    nodes = f"{report.focus_nodes} node{'s' * (report.focus_nodes != 1)} checked"
    return f"{report.verdict}: {', '.join(filter(None, (counted(report.counts), nodes, gaps(report))))}"


def gaps(report: Report) -> str:
    """Say what no shape looked at, where that makes data fail; else empty."""
    if not report.has_gaps:
        return ""
    nodes, properties = len(report.uncovered), len(report.unknown)
    parts = [f"{nodes} node{'s' * (nodes != 1)} that no shape looked at"] if nodes else []
    parts += [f"{properties} propert{'y' if properties == 1 else 'ies'} that no shape knows"] * bool(
        properties
    )
    return ", ".join(parts)


def idle_words(run: Run) -> str:
    """Say which shapes found no node in any file, where that makes the run fail; else empty."""
    count, most = len(run.idle), 10
    more = f", and {count - most} more" if count > most else ""
    names = ", ".join(map(clean, run.idle[:most]))
    return f"{count} shape{'s' * (count != 1)} found no node: {names}{more}" if count else ""


def left_out(counts: Mapping[Severity, int]) -> str:
    """Say how many results are not given; empty where all are."""
    return f"{counted(counts)} more, not shown" if any(counts.values()) else ""


def triple_text(report: Report, result: Result) -> str:
    """Return focus node, path and value of a result on one line."""
    terms = [report.term(result.focus_node)]
    if result.path:
        terms.append(report.name(result.path))
    if result.value is not None and (result.path or result.value != result.focus_node):
        terms.append(report.term(result.value))
    return clean(" ".join(terms))


def shape_title(report: Report, shape: str) -> str:
    """Return what a shape calls itself (``sh:name``), else its CURIE or IRI."""
    text = report.texts.get(shape)
    return clean(text.name if text and text.name else report.name(shape))


def reasons(report: Report, result: Result) -> list[str]:
    """Return what made the focus node one, what the shapes say that were asked of it, and what is allowed:
    a line each.
    """
    lines = []
    if result.made_by is not None:
        triple = (result.made_by.subject, result.made_by.predicate, result.made_by.object)
        lines.append(f"looked at because of {clean(' '.join(map(report.term, triple)))}")
    told = told_details(report, result)
    lines += [f"because {triple_text(report, one)}: {clean(one.message)}" for one in told[:_MOST_REASONS]]
    lines += [f"allowed: {clean(allowed(result))}"] if result.expected else []
    more = max(0, len(told) - _MOST_REASONS) + untold_details(report, result)
    return [*lines, f"and {more} more reason{'s' * (more > 1)}"] if more > 0 else lines
