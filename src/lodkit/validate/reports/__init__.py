"""Reports in every format that people, build servers and code scanners read: each a function of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..groups import Group, capped_report, grouped
from .github import write_github
from .html import write_html
from .json import write_json
from .junit import write_junit
from .model import Run, Source, Spot, Validated, artifact_uri, relative_name, source_of, spots
from .sarif import write_sarif
from .text import write_text
from .turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "REPORT_FORMATS",
    "Group",
    "ReportFormat",
    "Run",
    "Source",
    "Spot",
    "Validated",
    "artifact_uri",
    "capped",
    "grouped",
    "relative_name",
    "source_of",
    "spots",
    "write_report",
]


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """A format: who writes it, how many results of a shape in a file and how many in all it gives, and
    whether it takes lines of RDF files.
    """

    write: Callable[[Run], str]
    most_of_shape: int
    most: int
    has_lines: bool = False
    is_json: bool = False


REPORT_FORMATS = {
    "text": ReportFormat(write_text, 100, 10_000),
    "json": ReportFormat(write_json, 1_000, 100_000, is_json=True),
    "turtle": ReportFormat(write_turtle, 1_000, 100_000),
    # GitHub takes 25,000 results of a run and shows 5,000 of them.
    "sarif": ReportFormat(write_sarif, 1_000, 5_000, has_lines=True, is_json=True),
    "junit": ReportFormat(write_junit, 1_000, 100_000, has_lines=True),
    # It shows 10 annotations of a kind a step and 50 a job.
    "github": ReportFormat(write_github, 10, 50, has_lines=True),
    "html": ReportFormat(write_html, 100, 10_000, has_lines=True),
}


def write_report(run: Run, form: str) -> str:
    """Return the reports of a run in a format of `REPORT_FORMATS`."""
    known = REPORT_FORMATS[form]
    return known.write(capped(run, known.most_of_shape, known.most))


def capped(run: Run, of_shape: int, in_all: int) -> Run:
    """Return a run with at most ``of_shape`` results of a shape in a file and ``in_all`` altogether, the
    others counted as left out.
    """
    files = []
    room = in_all
    for one in run.files:
        if one.report is None:
            files.append(one)
            continue
        report = capped_report(one.report, of_shape, room)
        room -= len(report.results)
        files.append(replace(one, report=report))
    return replace(run, files=tuple(files))
