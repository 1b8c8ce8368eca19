"""``lodkit validate``: a report on articles or RDF."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..build import build_article, within_means
from ..domain import read_domain
from ..errors import LodkitError, UsageError
from ..files import STANDARD, plain_suffix
from ..rdf import FORMATS, read
from ..validate import Engine, Report, render, report_json, validate
from .build import check_base
from .summary import headed
from .terminal import NOT_CONFORMING, PARTIAL, has_color, progress, put, put_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..article import Article
    from ..domain import Domain


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and the report on it, or why it cannot be read."""

    file: str
    report: Report | None = None
    error: LodkitError | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How to validate: the format of standard input, the base of IRIs, who validates, and whether to answer
    in JSON.
    """

    form: str | None
    base: str
    engine: str
    as_json: bool


def validate_files(files: Sequence[str], texts: Sequence[str], folder: Path | None, asked: Asked) -> int:
    """Validate files, print the reports and return the exit code.

    Raises:
        InputError: the only file, or an article beside it, cannot be read.
        DomainError: the domain is broken.
    """
    check_base(asked.base)
    if texts and not any(is_rdf(file, asked.form) for file in files):
        raise UsageError("--article goes with RDF", hint="an article is validated by itself")
    domain = read_domain(folder)
    articles = {
        built.document: built.article
        for built in (build_article(text, domain, base=asked.base) for text in texts)
    }
    with progress("Validating", len(files)) as advance:
        checked = []
        for file in files:
            checked.append(_check(file, asked, domain, articles, alone=len(files) == 1))
            advance()
    _print(checked, asked.as_json)
    return _code(checked)


def is_rdf(file: str, form: str | None) -> bool:
    """Tell RDF from an article's text: by the extension, for standard input by whether a format is given."""
    if file == STANDARD:
        return form is not None
    return any(plain_suffix(file) in known.extensions for known in FORMATS.values())


def _check(file: str, asked: Asked, domain: Domain, articles: dict[str, Article], *, alone: bool) -> Checked:
    engine = Engine(asked.engine)
    try:
        with within_means(file):
            if not is_rdf(file, asked.form):
                built = build_article(file, domain, base=asked.base)
                own = {built.document: built.article}
                return Checked(file, validate(built.quads(), domain, articles=own, engine=engine))
            quads = list(read(file, asked.form if file == STANDARD else None))
            report = validate(quads, domain, articles=articles, evidence=True, is_foreign=True, engine=engine)
            return Checked(file, report)
    except LodkitError as error:
        if alone:
            raise
        return Checked(file, error=error)


def _print(checked: Sequence[Checked], as_json: bool) -> None:
    reports = [(one.file, one.report) for one in checked if one.report]
    if as_json:
        conforms = all(one.report and one.report.conforms for one in checked)
        put_json(
            {
                "conforms": conforms,
                "files": [{"file": file, **report_json(report)} for file, report in reports],
            }
        )
    else:
        color = has_color(sys.stdout)
        for file, report in reports:
            put(headed(render(report, color=color), file if len(checked) > 1 else None), styled=color)
    for error in _errors(checked):
        say(f"lodkit: error: {error}")
    for note in dict.fromkeys(report.note for _, report in reports if report.note):
        say(f"lodkit: {note}")


def _errors(checked: Sequence[Checked]) -> Iterator[LodkitError]:
    return (one.error for one in checked if one.error)


def _code(checked: Sequence[Checked]) -> int:
    codes = [error.exit_code for error in _errors(checked)]
    if codes:
        return codes[0] if len(codes) == len(checked) else PARTIAL
    return 0 if all(one.report and one.report.conforms for one in checked) else NOT_CONFORMING
