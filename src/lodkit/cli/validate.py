"""``lodkit validate``: a report on articles or RDF."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..build import build_article, within_means
from ..domain import read_domain
from ..errors import LodkitError, UsageError
from ..files import STANDARD, plain_suffix, read_bytes
from ..rdf import FORMATS, read
from ..turtle import subject_lines
from ..validate import Engine, Report, Severity, validate
from ..validate.reports import REPORT_FORMATS, Run, Source, Validated, source_of, write_report
from .build import check_base, report_severity
from .terminal import NOT_CONFORMING, PARTIAL, has_color, open_target, progress, put, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..article import Article
    from ..domain import Domain


_WITH_LINES = (".ttl", ".trig", ".nt", ".nq")


@dataclass(frozen=True, slots=True)
class Asked:
    """How to validate: the format of standard input, the base of IRIs, who validates, the format of the
    reports and the file that they go to, and how bad a result has to be to fail the run.
    """

    form: str | None
    base: str
    engine: str
    report: str = "text"
    output: str = STANDARD
    fail_on: str = "violation"

    @property
    def least(self) -> Severity:
        """The least bad of the severities that fail the run."""
        return report_severity(self.fail_on)


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
            checked.append(check_file(file, asked, domain, articles, alone=len(files) == 1))
            advance()
    _print(checked, asked)
    return _code(checked, asked)


def is_rdf(file: str, form: str | None) -> bool:
    """Tell RDF from an article's text: by the extension, for standard input by whether a format is given."""
    if file == STANDARD:
        return form is not None
    return any(plain_suffix(file) in known.extensions for known in FORMATS.values())


def check_file(
    file: str, asked: Asked, domain: Domain, articles: dict[str, Article], *, alone: bool
) -> Validated:
    """Validate one file; what keeps it from being read is raised only if it is the only one.

    Raises:
        InputError: the only file cannot be read.
        DomainError: a shape cannot be used.
    """
    engine = Engine(asked.engine)
    try:
        with within_means(file):
            if not is_rdf(file, asked.form):
                built = build_article(file, domain, base=asked.base)
                own = {built.document: built.article}
                report = validate(built.quads(), domain, articles=own, engine=engine)
                return Validated(file, report, sources={built.document: source_of(file, built.article.text)})
            quads = list(read(file, asked.form if file == STANDARD else None))
            report = validate(quads, domain, articles=articles, evidence=True, is_foreign=True, engine=engine)
            return Validated(file, report, None, _sources(articles), _lines(file, report, asked))
    except LodkitError as error:
        if alone:
            raise
        return Validated(file, error=error)


def _sources(articles: dict[str, Article]) -> dict[str, Source]:
    return {
        document: source_of(article.file, article.text)
        for document, article in articles.items()
        if article.file
    }


def _lines(file: str, report: Report, asked: Asked) -> Mapping[str, int]:
    """The lines of the subjects of an RDF file, where the format of the reports has a use for them."""
    if not (REPORT_FORMATS[asked.report].has_lines and report.results and file.endswith(_WITH_LINES)):
        return {}
    return subject_lines(read_bytes(file).decode("utf-8-sig"))


def _print(checked: Sequence[Validated], asked: Asked) -> None:
    form = REPORT_FORMATS[asked.report]
    color = asked.report == "text" and asked.output == STANDARD and has_color(sys.stdout)
    text = write_report(Run(tuple(checked), asked.least, str(Path.cwd()), color), asked.report)
    if asked.output == STANDARD:
        put(text, as_json=form.is_json, styled=color)
    else:
        with open_target(asked.output) as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))
    for error in _errors(checked):
        say(f"lodkit: error: {error}")
    for note in dict.fromkeys(one.report.note for one in checked if one.report and one.report.note):
        say(f"lodkit: {note}")
    if asked.least is not Severity.VIOLATION and not Run(tuple(checked), asked.least).passes:
        say(f"lodkit: failed, as --fail-on {asked.fail_on} asks for")


def _errors(checked: Sequence[Validated]) -> Iterator[LodkitError]:
    return (one.error for one in checked if one.error)


def _code(checked: Sequence[Validated], asked: Asked) -> int:
    codes = [error.exit_code for error in _errors(checked)]
    if codes:
        return codes[0] if len(codes) == len(checked) else PARTIAL
    return 0 if Run(tuple(checked), asked.least).passes else NOT_CONFORMING
