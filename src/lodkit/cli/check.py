"""``lodkit check``: what is wrong with a domain, and which of its rules are of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..article import read_article
from ..check import Usage, check_examples, usage
from ..domain import Domain, read_domain
from ..errors import DomainError, LodkitError, UsageError
from ..lint import lint_shapes
from ..query import as_domain_error, check_syntax, query_names, read_canned
from ..sandbox import Session
from .codes import NOT_CONFORMING
from .terminal import progress, put, put_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..query import QueryFolder


def check_domain(articles: Sequence[str], with_usage: bool, folder: Path | None, as_json: bool) -> int:
    """List what is wrong with a domain, one line each, and return the exit code.

    Raises:
        DomainError: the domain cannot be read at all.
        InputError: an article cannot be read.
    """
    if with_usage != bool(articles):
        hint = "write lodkit check --usage ARTICLE..."
        raise UsageError("--usage needs articles" if with_usage else "articles are for --usage", hint=hint)
    domain = read_domain(folder)
    problems = [*lint_shapes(domain), *check_examples(domain), *check_queries(domain)]
    rules = _usage(domain, articles) if with_usage else []
    if as_json:
        put_json(
            {
                "problems": [_as_json(problem, domain) for problem in problems],
                "usage": [_rule_json(rule, domain) for rule in rules],
            }
        )
    else:
        for problem in problems:
            put(f"{_line(problem, domain)}\n")
        put("".join(_usage_lines(rules, domain)) + _summary(domain, len(problems)))
    return NOT_CONFORMING if problems else 0


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
        for path in articles:
            read.append(read_article(path, abbreviations=abbreviations))
            advance()
    return usage(domain, read)


def _line(problem: DomainError, domain: Domain) -> str:
    """The error with its term as a CURIE."""
    term = domain.compact(problem.term) if problem.term else None
    short = DomainError(
        problem.message,
        file=problem.file,
        line=problem.line,
        column=problem.column,
        term=term,
        hint=problem.hint,
    )
    return str(short)


def _as_json(problem: DomainError, domain: Domain) -> dict[str, object]:
    keys = ("file", "line", "column", "term", "message", "hint")
    return {key: getattr(problem, key) for key in keys}


def _rule_json(rule: Usage, domain: Domain) -> dict[str, object]:
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


def _summary(domain: Domain, problems: int) -> str:
    counts = (
        f"{len(domain.node_shapes)} node shapes, {len(domain.phrases)} phrases, {len(domain.fields)} field"
        " rules"
    )
    return f"{counts}: {problems} problem{'s' * (problems != 1)}\n"
