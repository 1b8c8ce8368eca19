"""``lodkit validate``: a report on articles or RDF."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ..build import build_article, build_pages, within_means
from ..domain import read_domain
from ..errors import InputError, LodkitError, UsageError
from ..files import STANDARD, read_bytes
from ..load import datatypes_of, layout_of, quads_of, units_in
from ..query import ontology
from ..rdf import file_iri
from ..statement import check_base
from ..store import Store
from ..turtle import subject_lines
from ..validate import Engine, Report, Severity, render, validate
from ..validate.render import COLUMNS, headed
from ..validate.reports import REPORT_FORMATS, Run, Source, Validated, source_of, write_report
from .build import report_severity
from .codes import NOT_CONFORMING, PARTIAL
from .connection import Connection
from .inputs import DataSet, data_sets, is_rdf, quads_of_files
from .options import base_iri
from .shapes import read_shapes_files, say_unread
from .stores import open_store
from .terminal import has_color, number, open_target, progress, put, say, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..build import Built
    from ..domain import Domain
    from ..source import Article


_WITH_LINES = (".ttl", ".trig", ".nt", ".nq")


@dataclass(frozen=True, slots=True)
class Asked:
    """How to validate: the format of standard input, the base of IRIs, who validates, the format of the
    reports and the file that they go to, and how bad a result has to be to fail the run; files of shapes,
    whether all files are one data set, whether what no shape looks at fails it, and how servers are spoken
    with.
    """

    form: str | None
    base: str
    engine: str
    report: str = "text"
    output: str = STANDARD
    fail_on: str = "violation"
    shapes: tuple[str, ...] = ()
    is_together: bool = False
    is_strict: bool = False
    connection: Connection = field(default_factory=Connection)

    @property
    def least(self) -> Severity:
        """The least bad of the severities that fail the run."""
        return report_severity(self.fail_on)


def validate_files(files: Sequence[str], texts: Sequence[str], folder: Path | None, asked: Asked) -> int:
    """Validate data sets, print the reports and return the exit code.

    Raises:
        InputError: the only file, or an article beside it, cannot be read.
        DomainError: the domain or a file of shapes is broken.
        StoreError: a store cannot be read.
    """
    check_base(asked.base)
    own = cache(lambda: read_domain(folder))
    judge = read_shapes_files(asked.shapes) if asked.shapes else own()
    say_unread(judge)
    sets = data_sets(files, asked.is_together, lambda place: _units(place, asked.connection, own))
    named = [file for one in sets for file in one.files]
    if texts and not any(is_rdf(file, asked.form) for file in named):
        raise UsageError("--article goes with RDF", hint="an article is validated by itself")
    beside = tuple(build_article(text, own(), base=asked.base) for text in texts)
    work = Work(asked, judge, own, beside)
    run = _Run(asked, len(sets))
    with progress("Validating", len(sets)) as advance:
        for one in sets:
            if _is_text(one, asked):
                for part in check_pages(one.name, work, alone=len(sets) == 1):
                    run.add(part)
            else:
                run.add(check_set(one, work, alone=len(sets) == 1))
            advance()
    run.put()
    return run.code()


@dataclass(frozen=True, slots=True)
class Work:
    """What data sets are validated with: the shapes' domain, the one that reads articles, and articles that
    lie beside RDF.
    """

    asked: Asked
    judge: Domain
    own: Callable[[], Domain]
    beside: tuple[Built, ...] = ()


def _units(place: str, connection: Connection, domain: Callable[[], Domain]) -> Iterator[DataSet]:
    """The articles and other graphs of a store, each read when it is validated."""
    target, name = open_store(place, connection)
    layout = layout_of(target, name)
    if layout is None:
        hint = "load articles with lodkit load or lodkit build --into"
        raise InputError("nothing was loaded here by lodkit", file=name, hint=hint)
    page = 0 if isinstance(target, Store) else target.profile.rows // 2
    datatypes = datatypes_of(domain().property_shapes.values())
    vocabularies = {getattr(quad.graph_name, "value", "") for quad in ontology(domain())}
    for unit in units_in(target, layout):
        if unit.name not in vocabularies:
            read = partial(quads_of, target, layout, unit, datatypes, page=page)
            yield DataSet(f"{name}: {unit.title or unit.name}", (), read)


def check_set(one: DataSet, work: Work, *, alone: bool) -> Validated:
    """Validate a data set; what keeps it from being read is raised only if it is the only one.

    Raises:
        InputError: the only one cannot be read.
        DomainError: a shape cannot be used.
    """
    asked = work.asked
    rdf = [file for file in one.files if is_rdf(file, asked.form)]
    texts = [file for file in one.files if not is_rdf(file, asked.form)]
    is_foreign = bool(rdf or one.quads)
    try:
        with within_means(one.name):
            own = [build_article(text, work.own(), base=asked.base) for text in texts]
            data = one.quads() if one.quads else quads_of_files(rdf, asked.form)
            articles = {
                built.document: built.article for built in (*(work.beside if is_foreign else ()), *own)
            }
            report = validate(
                chain(data, *(built.quads() for built in own)),
                work.judge,
                articles=articles,
                evidence=is_foreign,
                is_foreign=is_foreign,
                engine=Engine(asked.engine),
            )
            report = replace(report, is_strict=asked.is_strict)
            lines = _lines(rdf[0], report, asked) if len(rdf) == len(one.files) == 1 else {}
            return Validated(one.name, report, None, _sources(articles), lines)
    except LodkitError as error:
        if STANDARD in texts and isinstance(error, InputError):
            error.hint = f"{error.hint + '; ' if error.hint else ''}of RDF say the format: --from ttl"
        if alone:
            raise
        return Validated(one.name, error=error)


def _is_text(one: DataSet, asked: Asked) -> bool:
    """Tell whether a data set is one file of articles."""
    return len(one.files) == 1 and one.quads is None and not is_rdf(one.files[0], asked.form)


def check_pages(file: str, work: Work, *, alone: bool) -> Iterator[Validated]:
    """Validate the articles of a file one by one; what keeps the file from being read is raised only if it is
    the only one and held none.

    Raises:
        InputError: the only file cannot be read.
        DomainError: a shape cannot be used.
    """
    asked, seen = work.asked, False
    try:
        with within_means(file):
            for page in build_pages(file, work.own(), base=asked.base):
                if isinstance(page, InputError):
                    yield Validated(file, error=page)
                else:
                    yield _validated_page(file, page, work)
                seen = True
    except LodkitError as error:
        if file == STANDARD and isinstance(error, InputError):
            error.hint = f"{error.hint + '; ' if error.hint else ''}of RDF say the format: --from ttl"
        if alone and not seen:
            raise
        yield Validated(file, error=error)


def _validated_page(file: str, page: Built, work: Work) -> Validated:
    articles = {page.document: page.article}
    engine = Engine(work.asked.engine)
    report = validate(page.quads(), work.judge, articles=articles, engine=engine)
    report = replace(report, is_strict=work.asked.is_strict)
    name = f"{file}: {page.article.name}" if page.article.map.anchors else file
    return Validated(name, report, None, _sources(articles))


def _sources(articles: dict[str, Article]) -> dict[str, Source]:
    return {
        document: source_of(article.file, article.text)
        for document, article in articles.items()
        if article.file
    }


def _lines(file: str, report: Report, asked: Asked) -> Mapping[str, int]:
    """The lines of the subjects of an RDF file, where the format of the reports has a use for them."""
    has_use = REPORT_FORMATS[asked.report].has_lines and report.results
    if not (has_use and file.endswith(_WITH_LINES) and Path(file).is_file()):  # a pipe is read once
        return {}
    return subject_lines(read_bytes(file).decode("utf-8-sig"), base_iri.get() or file_iri(file) or "")


class _Run:
    """The data sets of a run so far. Reports as text are written as they come, and of each only its counts
    kept, so that any number of articles passes through.
    """

    def __init__(self, asked: Asked, total: int) -> None:
        self._asked = asked
        self._total = total
        self._color = asked.report == "text" and asked.output == STANDARD and has_color(sys.stdout)
        self._columns = width() if asked.output == STANDARD else COLUMNS
        self._checked: list[Validated] = []
        self._texts: list[str] = []
        self._idle: set[str] | None = None

    @property
    def _run(self) -> Run:
        idle = tuple(sorted(self._idle or ())) if self._asked.is_strict else ()
        return Run(tuple(self._checked), self._asked.least, str(Path.cwd()), self._color, self._columns, idle)

    def add(self, one: Validated) -> None:
        """Take up the report on a data set."""
        report = one.report
        if report is not None:
            idle = set(report.idle)
            self._idle = idle if self._idle is None else self._idle & idle
            if self._asked.report == "text":
                name = one.file if self._total > 1 or ": " in one.file else None
                self._texts.append(headed(render(report, color=self._color, columns=self._columns), name))
                one = Validated(one.file, _counts_only(report))
        self._checked.append(one)

    def put(self) -> None:
        """Write the reports, and what is to be said of them."""
        asked = self._asked
        text = self._as_text() if asked.report == "text" else write_report(self._run, asked.report)
        if asked.output == STANDARD:
            put(text, as_json=REPORT_FORMATS[asked.report].is_json, styled=self._color)
        else:
            with open_target(asked.output) as stream:
                stream.write(text.encode("utf-8", "surrogateescape"))
        for error in _errors(self._checked):
            say(f"lodkit: error: {error}")
        reports = [one.report for one in self._checked if one.report]
        for note in dict.fromkeys(report.note for report in reports if report.note):
            say(f"lodkit: {note}")
        if asked.least is not Severity.VIOLATION and any(one.fails(asked.least) for one in reports):
            say(f"lodkit: failed, as --fail-on {asked.fail_on} asks for")
        if idle := self._run.idle:
            say(f"lodkit: failed, as --strict asks for: {number(len(idle), 'shape')} found no node")

    def _as_text(self) -> str:
        more = [f"{total_of(self._checked)}\n"] if max(self._total, len(self._checked)) > 1 else []
        return "".join([*self._texts, *more])

    def code(self) -> int:
        """Return the exit code."""
        codes = [error.exit_code for error in _errors(self._checked)]
        if codes:
            return codes[0] if len(codes) == len(self._checked) else PARTIAL
        return 0 if self._run.passes else NOT_CONFORMING


def total_of(checked: Sequence[Validated]) -> str:
    """Return how many data sets conform, do not, were not checked and not read, in words.

    >>> total_of([])
    'in all: 0 data sets: 0 conform'
    """
    verdicts = Counter(one.report.verdict if one.report else "not read" for one in checked)
    parts = [f"{verdicts['conforms']} conform{'s' * (verdicts['conforms'] == 1)}"]
    if failed := verdicts["does not conform"]:
        parts.append(f"{failed} {'does' if failed == 1 else 'do'} not conform")
    parts += [f"in {idle} nothing was checked"] if (idle := verdicts["nothing was checked"]) else []
    parts += [f"{lost} not read"] if (lost := verdicts["not read"]) else []
    return f"in all: {number(len(checked), 'data set')}: {', '.join(parts)}"


def _counts_only(report: Report) -> Report:
    """What the total and the exit code need of a report."""
    gaps = report.uncovered[:1], report.unknown[:1]
    return Report(
        (),
        report.focus_nodes,
        report.located,
        {},
        report.counts,
        uncovered=gaps[0],
        unknown=gaps[1],
        note=report.note,
        is_strict=report.is_strict,
    )


def _errors(checked: Sequence[Validated]) -> Iterator[LodkitError]:
    return (one.error for one in checked if one.error)
