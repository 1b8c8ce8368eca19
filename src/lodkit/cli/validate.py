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
from ..validate import Report, render, report_json, validate
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


def validate_files(
    files: Sequence[str],
    texts: Sequence[str],
    form: str | None,
    base: str,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Validate files, print the reports and return the exit code.

    Raises:
        InputError: the only file, or an article beside it, cannot be read.
        DomainError: the domain is broken.
    """
    check_base(base)
    if texts and not any(is_rdf(file, form) for file in files):
        raise UsageError("--article goes with RDF", hint="an article is validated by itself")
    domain = read_domain(folder)
    articles = {
        built.document: built.article for built in (build_article(text, domain, base=base) for text in texts)
    }
    with progress("Validating", len(files)) as advance:
        checked = []
        for file in files:
            checked.append(_check(file, form, base, domain, articles, alone=len(files) == 1))
            advance()
    _print(checked, as_json)
    return _code(checked)


def is_rdf(file: str, form: str | None) -> bool:
    """Tell RDF from an article's text: by the extension, for standard input by whether a format is given."""
    if file == STANDARD:
        return form is not None
    return any(plain_suffix(file) in known.extensions for known in FORMATS.values())


def _check(
    file: str, form: str | None, base: str, domain: Domain, articles: dict[str, Article], *, alone: bool
) -> Checked:
    try:
        with within_means(file):
            if not is_rdf(file, form):
                built = build_article(file, domain, base=base)
                return Checked(
                    file, validate(built.quads(), domain, articles={built.document: built.article})
                )
            quads = list(read(file, form if file == STANDARD else None))
            return Checked(file, validate(quads, domain, articles=articles, evidence=True, is_foreign=True))
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


def _errors(checked: Sequence[Checked]) -> Iterator[LodkitError]:
    return (one.error for one in checked if one.error)


def _code(checked: Sequence[Checked]) -> int:
    codes = [error.exit_code for error in _errors(checked)]
    if codes:
        return codes[0] if len(codes) == len(checked) else PARTIAL
    return 0 if all(one.report and one.report.conforms for one in checked) else NOT_CONFORMING
