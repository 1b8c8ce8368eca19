"""``lodkit check``: what is wrong with a domain, and which of its rules are of use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..build import article_files
from ..check import Usage, check_examples, usage
from ..domain import Domain, prefixes_of, read_domain, read_parts
from ..errors import DomainError, InputError, LodkitError, UsageError
from ..lint import (
    Checked,
    Level,
    Problem,
    checked_graph,
    in_order,
    lint_catalogue,
    lint_domain,
    with_column,
)
from ..query import as_domain_error, check_syntax, query_names, read_canned
from ..sandbox import Session
from ..source import Reading, read_articles
from .codes import NOT_CONFORMING
from .problems import problem_json, problems_github, problems_sarif
from .terminal import progress, put, put_json, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..domain import DomainGraph
    from ..query import QueryFolder


@dataclass(frozen=True, slots=True)
class BrokenDomain:
    """What of a domain that cannot be read its queries are checked with."""

    folder: Path
    prefixes: Mapping[str, str]

    def compact(self, iri: str) -> str:
        """Return an IRI with a prefix where there is one."""
        fitting = [
            (space, prefix) for prefix, space in self.prefixes.items() if space and iri.startswith(space)
        ]
        if not fitting:
            return iri
        space, prefix = max(fitting, key=lambda pair: len(pair[0]))
        return f"{prefix}:{iri.removeprefix(space)}"


def read_graph_of(folder: Path | None, error: DomainError) -> DomainGraph:
    """Return the graph of a domain that cannot be read.

    Raises:
        DomainError: that one, if its files are the reason; ``others`` are the faults of further files.
    """
    graph, faults = read_parts(folder)
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0] from error
    return graph


@dataclass(frozen=True, slots=True)
class Asked:
    """How to check: the format of the problems, whether style is looked at (always in the domain that ships
    with lodkit), how bad a problem has to be to fail, and whether to tell which rules are of use.
    """

    report: str = "text"
    with_style: bool = False
    fail_on: str = "info"
    with_usage: bool = False


def check_domain(articles: Sequence[str], folder: Path | None, asked: Asked) -> int:
    """List what is wrong with a domain, and return the exit code.

    Raises:
        DomainError: the domain cannot be read at all.
        InputError: an article cannot be read.
    """
    if asked.with_usage != bool(articles):
        hint = "write lodkit check --usage ARTICLE..., or --domain FOLDER for another domain"
        words = "--usage needs articles" if asked.with_usage else "articles are for --usage"
        raise UsageError(words, hint=hint)
    checked, problems = problems_of(folder, with_style=asked.with_style or folder is None)
    rules = _usage(checked.domain, articles) if checked.domain and articles else []
    _print(checked, problems, rules, folder, asked)
    failing = tuple(Level)[: tuple(Level).index(Level(asked.fail_on)) + 1]
    return NOT_CONFORMING if any(problem.level in failing for problem in problems) else 0


_BAD = Level.VIOLATION


def problems_of(folder: Path | None, *, with_style: bool) -> tuple[Checked, list[Problem]]:
    """Return a domain as the checks see it, and all that is wrong with it.

    Raises:
        DomainError: a file of it is not Turtle, or not there.
    """
    domain: Domain | None = None
    broken: list[LodkitError] = []
    try:
        domain = read_domain(folder)
        graph = domain.graph
    except DomainError as error:
        broken = [error, *error.others]
        graph = read_graph_of(folder, error)
    place = domain or BrokenDomain(folder or Path(), prefixes_of(graph))
    checked = checked_graph(graph, place.compact, domain)
    found = lint_domain(checked, with_style=with_style)
    errors = [with_column(error, checked) for error in broken if isinstance(error, DomainError)]
    found += [Problem("broken-domain", _BAD, error) for error in errors]
    examples = check_examples(domain) if domain else []
    found += [Problem("example", _BAD, with_column(error, checked)) for error in examples]
    unread = list(check_queries(place))
    found += [Problem("canned-query", _BAD, error) for error in unread]
    found += list(lint_catalogue(checked, place, [] if not _has_queries(place) else query_names(place)))
    for problem in found:
        problem.error.term = problem.error.term and checked.compact(problem.error.term)
    return checked, in_order({str(problem.error): problem for problem in reversed(found)}.values())


def _has_queries(place: QueryFolder) -> bool:
    try:
        return bool(query_names(place))
    except DomainError:  # told by those who check that they can be read
        return False


def _print(
    checked: Checked, problems: list[Problem], rules: list[Usage], folder: Path | None, asked: Asked
) -> None:
    if asked.report == "json":
        usage_rows = [_rule_json(rule, checked) for rule in rules]
        put_json({"problems": list(map(problem_json, problems)), "usage": usage_rows})
    elif asked.report in _WRITERS:
        put(_WRITERS[asked.report](problems, folder), as_json=asked.report == "sarif")
    else:
        for problem in problems:
            put(f"{visible(str(problem.error), kept='')}\n")
        put("".join(_usage_lines(rules, checked.domain) if checked.domain else []))
        put(_summary(checked.domain, len(problems)))


_WRITERS = {"sarif": problems_sarif, "github": problems_github}


def check_queries(domain: QueryFolder) -> Iterator[DomainError]:
    """Yield the first error of each canned query, its syntax included, or why there are none to be read."""
    try:
        names = query_names(domain)
    except DomainError as error:
        yield error
        return
    empty = Session()
    try:
        for name in names:
            try:
                check_syntax(read_canned(domain, name), empty)
            except LodkitError as error:
                yield as_domain_error(error)
    finally:
        empty.close()


def _usage(domain: Domain, articles: Sequence[str]) -> list[Usage]:
    abbreviations = domain.english.words("abbreviation")
    with progress("Reading", len(articles)) as advance:
        read = []
        for path in (file for place in articles for file in article_files(place)):
            pages = read_articles(path, Reading(abbreviations, wikitext=domain.wikitext))
            read += [page for page in pages if not isinstance(page, InputError)]
            advance()
    return usage(domain, read)


def _rule_json(rule: Usage, domain: Checked) -> dict[str, object]:
    return {
        "rule": domain.compact(rule.rule),
        "statements": rule.statements,
        "articles": rule.articles,
        "reason": rule.reason,
    }


def _usage_lines(rules: Sequence[Usage], domain: Domain) -> Iterator[str]:
    kinds = {
        "phrases": {phrase.iri for phrase in domain.phrases},
        "field rules": {field.iri for field in domain.fields},
    }
    for rule in sorted(rules, key=lambda rule: (-rule.statements, rule.rule)):
        reason = f"  ({rule.reason})" if rule.reason and not rule.statements else ""
        yield (
            f"{rule.statements:6} statements in {rule.articles:4} articles "
            f" {domain.compact(rule.rule)}{reason}\n"
        )
    for kind, iris in kinds.items():
        some = [rule for rule in rules if rule.rule in iris]
        used, told = (
            sum(rule.statements > 0 for rule in some),
            sum(not rule.statements and rule.reason is not None for rule in some),
        )
        if some:
            yield (
                f"{used} of {len(some)} {kind} are of use ({100 * used // len(some)} %), {told} more say why"
                " not\n"
            )


def _summary(domain: Domain | None, problems: int) -> str:
    number = f"{problems} problem{'s' * (problems != 1)}"
    if domain is None:
        return f"the domain cannot be read: {number}\n"
    counts = (
        f"{len(domain.node_shapes)} node shapes, {len(domain.phrases)} phrases, {len(domain.fields)} field"
        " rules"
    )
    return f"{counts}: {number}\n"
