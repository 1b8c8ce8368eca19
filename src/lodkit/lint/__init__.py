"""What is wrong with a domain, all of it in one run, each thing with file, line and column."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ..domain import bundled_graph
from ..errors import DomainError
from . import lexicon, queries, ranges, shadows, shapes, style, terms
from .model import Checked, Level, Problem, with_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..domain import Domain, DomainGraph
    from ..query import QueryFolder

__all__ = [
    "CHECKS",
    "MOST_PROBLEMS",
    "Check",
    "Checked",
    "Level",
    "Problem",
    "checked_graph",
    "in_order",
    "lint_catalogue",
    "lint_domain",
    "lint_shapes",
    "with_column",
]

MOST_PROBLEMS = 1_000
"""How many problems are listed."""


@dataclass(frozen=True, slots=True)
class Check:
    """A kind of problem: its name, what it is in words, how bad it is, and who finds it; ``of_shapes`` tells
    that it needs nothing but the graph.
    """

    kind: str
    title: str
    level: Level
    find: Callable[[Checked], Iterator[DomainError]]
    of_shapes: bool = True


_BAD, _ODD, _STYLE = Level.VIOLATION, Level.WARNING, Level.INFO

CHECKS = (
    Check("misspelt-term", "A term that is in no vocabulary", _BAD, terms.misspelt),
    Check("unknown-value", "A value that lodkit does not ask for", _BAD, terms.values),
    Check("unknown-datatype", "A datatype that XML Schema does not have", _BAD, terms.datatypes),
    Check("undeclared-term", "A class or property that nothing declares", _BAD, terms.undeclared),
    Check("undeclared-own-term", "A term of the domain that nothing declares", _BAD, terms.own_terms),
    Check("idle-shape", "A shape that never fires, or is not there", _BAD, shapes.idle),
    Check("half-constraint", "A parameter that says nothing alone", _BAD, shapes.half),
    Check("undescribed-value", "A value of sh:in that nothing describes", _BAD, shapes.lists),
    Check("incomparable", "A comparison that cannot be made", _BAD, shapes.comparisons),
    Check("query-of-shape", "A query of a shape that cannot work", _BAD, queries.of_shapes),
    Check("repeated-word", "A word that a rule has twice", _ODD, lexicon.repeated),
    Check("two-values", "A word of a table with two values", _BAD, lexicon.entries),
    Check("duplicate-word", "A word that two rules have", _ODD, lexicon.duplicates, of_shapes=False),
    Check("shadowed-rule", "A rule that another one shadows", _ODD, shadows.shadowed, of_shapes=False),
    Check("range", "A range that shapes contradict", _BAD, ranges.disagreements, of_shapes=False),
    Check("shapes-apart", "A property of nodes and of literals", _ODD, ranges.shapes_apart, of_shapes=False),
    Check("undocumented", "A shape without words for people", _STYLE, style.undocumented),
    Check("nameless", "A property shape that reports cannot name", _STYLE, style.nameless),
)
"""What is looked for, in this order."""


def checked_graph(graph: DomainGraph, compact: Callable[[str], str], domain: Domain | None = None) -> Checked:
    """Return a graph, and the domain if it can be read, for the checks."""
    return Checked(graph, compact, bundled_graph(), domain)


def lint_domain(checked: Checked, *, with_style: bool = False) -> list[Problem]:
    """Return what is wrong with a domain, or with its graph where there is no more, in the order of its
    files.
    """
    return _run(CHECKS, checked, with_style=with_style)


def lint_catalogue(checked: Checked, folder: QueryFolder, names: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the canned queries of a domain that can be read."""
    for error in queries.of_catalogue(checked, folder, names):
        yield Problem("canned-query", Level.VIOLATION, error)


def lint_shapes(domain: Domain, *, with_style: bool = True) -> list[DomainError]:
    """Return what is wrong with a domain's shapes and terms, each with file, line, column and term."""
    checks = [check for check in CHECKS if check.of_shapes]
    checked = checked_graph(domain.graph, domain.compact)
    return [problem.error for problem in _run(checks, checked, with_style=with_style)]


def _run(checks: Sequence[Check], checked: Checked, *, with_style: bool) -> list[Problem]:
    chosen = [check for check in checks if with_style or check.level is not _STYLE]
    found: dict[str, Problem] = {}
    for problem in _problems(chosen, checked):
        found.setdefault(str(problem.error), problem)
        if len(found) > MOST_PROBLEMS:
            more = DomainError(
                f"more than {MOST_PROBLEMS} problems, of which these are not all", file="shapes/"
            )
            some = list(islice(found.values(), MOST_PROBLEMS))
            return [*in_order(some), Problem("too-many", _BAD, more)]
    return in_order(found.values())


def _problems(checks: Sequence[Check], checked: Checked) -> Iterator[Problem]:
    for check in checks:
        for error in check.find(checked):
            yield Problem(check.kind, check.level, with_column(error, checked))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file, line and column."""
    return sorted(
        problems,
        key=lambda one: (one.error.file or "", one.error.line or 0, one.error.column or 0, str(one.error)),
    )
