"""Results by the shapes that they come from, counted, and no more of them than a reader takes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .report import Report, Result, Severity


@dataclass(frozen=True, slots=True)
class Group:
    """The results of a shape in the order of their report; ``left_out`` counts those that are not given."""

    shape: str
    results: tuple[Result, ...]
    left_out: Mapping[Severity, int]

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of results by severity, those left out too."""
        found = Counter(result.severity for result in self.results)
        found.update(self.left_out)
        return {severity: found[severity] for severity in Severity if found[severity]}


def grouped(report: Report) -> tuple[Group, ...]:
    """Return a report's results by shape, the shape with the first of them first."""
    found: dict[str, list[Result]] = {}
    for result in report.results:
        found.setdefault(result.source_shape, []).append(result)
    for shape in report.left_out_of:
        found.setdefault(shape, [])
    return tuple(
        Group(shape, tuple(results), report.left_out_of.get(shape, {})) for shape, results in found.items()
    )


def capped_report(report: Report, of_shape: int, in_all: int) -> Report:
    """Return a report with at most ``of_shape`` results of a shape and ``in_all`` altogether."""
    met: Counter[str] = Counter()
    kept: list[Result] = []
    left_out_of = {shape: Counter(counts) for shape, counts in report.left_out_of.items()}
    left_out = Counter(report.left_out)
    for result in report.results:
        if len(kept) < in_all and met[result.source_shape] < of_shape:
            met[result.source_shape] += 1
            kept.append(result)
        else:
            left_out_of.setdefault(result.source_shape, Counter())[result.severity] += 1
            left_out[result.severity] += 1
    if len(kept) == len(report.results):
        return report
    return replace(report, results=tuple(kept), left_out=left_out, left_out_of=left_out_of)
