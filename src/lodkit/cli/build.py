"""``lodkit build``: articles in, data and a summary out, into files or a store or both."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..build import (
    Built,
    Pages,
    article_files,
    build_pages,
    in_order,
    linked,
    same_name,
    within_means,
)
from ..domain import read_domain
from ..errors import InputError, LodkitError, StoreError, UsageError
from ..extract.values import language_tag
from ..files import STANDARD, file_name, is_existing_folder, make_folder
from ..rdf import Format, Level, format_named, format_of, lean, level_of, without_evidence, write
from ..source import NO_PAGE
from ..statement import check_base
from .codes import DONE, NOT_CONFORMING, PARTIAL
from .summary import Tally, tell
from .terminal import has_color, number, open_target, progress, put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from ..domain import Domain
    from ..validate import Severity
    from .connection import Connection
    from .stores import Load

_DEFAULT_FORMAT = "trig"

MOST_KEPT = 200_000
"""How many quads of an article are kept between validation and writing; more are made twice."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; None is "as fits"."""

    form: str | None
    evidence: Level | None
    with_text: bool
    base: str
    strict: bool
    validated: bool
    into: str | None
    connection: Connection
    folder: Path | None
    as_json: bool
    fail_on: str = "violation"
    force: bool = False
    origin: str | None = None
    title: str | None = None
    language: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write (None: there is none) and the articles in it; ``chosen`` tells that the user named the
    file, not an article.
    """

    target: str | None
    articles: Sequence[Built]
    chosen: bool = True

    @property
    def name(self) -> str:
        """What an error that is no single article's names."""
        return self.articles[0].name if len(self.articles) == 1 else self.target or STANDARD


@dataclass(frozen=True, slots=True)
class ArticleQuads:
    """The quads of an article, as often as they are asked for: kept if they are few, else made each time."""

    built: Built
    with_text: bool
    kept: Sequence[Quad] | None = None

    def __iter__(self) -> Iterator[Quad]:
        return iter(self.kept) if self.kept is not None else self.built.quads(with_text=self.with_text)

    def at(self, level: Level) -> Iterable[Quad]:
        """Return the quads with as much evidence as a level has."""
        if level is Level.FULL:
            return self
        if level is Level.LEAN:
            return lean(self)
        return self.built.quads(evidence=False) if self.kept is None else without_evidence(self.kept)


def article_quads(built: Built, with_text: bool) -> ArticleQuads:
    """Return the quads of an article."""
    some = list(islice(built.quads(with_text=with_text), MOST_KEPT + 1))
    return ArticleQuads(built, with_text, some if len(some) <= MOST_KEPT else None)


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be put into a file, a store, or both."""

    output: Output
    articles: Sequence[ArticleQuads]
    bad: frozenset[str] = frozenset()
    """The documents of articles that do not conform."""


@dataclass
class Run:
    """The state of one call."""

    options: Options
    domain: Domain
    form: Format
    tally: Tally = field(default_factory=Tally)
    errors: list[LodkitError] = field(default_factory=list)
    held: list[Made] = field(default_factory=list)
    read: int = 0
    """How many pages of the articles' files were read, or could not be."""
    bad: int = 0
    withheld: int = 0
    load: Load | None = None


def build_articles(articles: Sequence[str], target: str | None, options: Options) -> int:
    """Build articles and return the exit code.

    Raises:
        InputError: the only article is none; of several, the bad ones are told and the others built.
        StoreError: the data cannot be written or loaded.
        UsageError: the target's extension is no format's, or options contradict each other.
    """
    if target is None and options.into is None:
        target = STANDARD
    into_folder = (
        target is not None
        and target != STANDARD
        and (target.endswith(("/", os.sep)) or is_existing_folder(target))
    )
    form = _format(target, options.form, into_folder)
    check_base(options.base)
    if options.strict and not options.validated:
        raise UsageError("--strict and --no-validate contradict each other")
    if options.into is not None and not options.validated:
        say("lodkit: loaded without a verdict, as --no-validate asks for")
    files, empty = _files(articles)
    if options.language is not None and language_tag(options.language, {}) is None:
        message = f"--language {options.language!r} is no language tag"
        raise UsageError(message, hint="write one like en or pt-br (BCP 47)")
    if options.title is not None and len(files) > 1:
        raise UsageError("--title goes with one article", hint="the names of the files are their titles")
    if target is not None:
        _refuse_overwriting(files, target)
    run = Run(options, read_domain(options.folder), form, errors=list(empty))
    if target is not None and into_folder and not options.strict:
        make_folder(Path(target))
    with ExitStack() as stack:
        if not options.strict:
            _open_load(run, stack)
        _build(run, files, target, into_folder)
        if run.held and not _fails(run):
            _open_load(run, stack)
            _put_held(run)
    return _finish(run, run.read + len(empty), to_stdout=target == STANDARD)


def _files(places: Sequence[str]) -> tuple[list[str], list[InputError]]:
    """The articles of files and folders, and what is wrong with folders that have none."""
    files: list[str] = []
    errors: list[InputError] = []
    for place in places:
        try:
            files += article_files(place)
        except InputError as error:
            errors.append(error)
    if errors and not files:
        raise errors[0]
    return files, errors


def _open_load(run: Run, stack: ExitStack) -> None:
    if run.options.into is not None:
        from ..query import ontology
        from .stores import loading

        run.load = stack.enter_context(
            loading(run.options.into, run.options.connection, ontology(run.domain), lambda: run.domain)
        )


def _build(run: Run, articles: Sequence[str], target: str | None, into_folder: bool) -> None:
    with progress("Building", len(articles)) as advance:
        built = _read(run, articles, advance)
        one_each = target is None or into_folder
        for output in (
            _each(run, built, None if target is None else Path(target))
            if one_each
            else _together(run, built, target)
        ):
            _attempt(run, output, alone=len(articles) == 1)


def _attempt(run: Run, output: Output, *, alone: bool) -> None:
    """Make an output; of several articles, one that cannot be made is told and the others go on."""
    try:
        with within_means(output.name):
            _make(run, output)
    except InputError as error:
        if alone:
            raise
        run.errors.append(error)
    except StoreError as error:
        if alone or output.chosen or not is_existing_folder(output.target or ""):
            # what keeps one file from being written keeps the next one too, but for a folder of its name
            raise
        run.errors.append(error)


def _is_same(path: str, other: str) -> bool:
    try:
        return Path(path).samefile(other)
    except OSError:
        return False


def _refuse_overwriting(articles: Sequence[str], target: str) -> None:
    if target == STANDARD or is_existing_folder(target):
        return
    for article in articles:
        if article != STANDARD and _is_same(target, article):
            raise UsageError("would write over the article", file=target, hint="name another file with -o")


def _format(target: str | None, form: str | None, into_folder: bool) -> Format:
    if form is not None:
        return format_named(form)
    if target in (None, STANDARD) or into_folder:
        return format_named(_DEFAULT_FORMAT)
    return format_of(target or "")


def _read(run: Run, articles: Sequence[str], advance: Callable[[], None]) -> Iterator[Built]:
    options = run.options
    for path in articles:
        asked = Pages(options.origin, options.title, options.language)
        before = run.read
        try:
            for page in build_pages(path, run.domain, base=options.base, asked=asked):
                run.read += 1
                if isinstance(page, InputError):
                    run.errors.append(page)
                else:
                    yield linked(page, run.options.links)
            if run.read == before:
                _tell_passed(path, asked)
                raise InputError(NO_PAGE, file=path)
        except InputError as error:
            if len(articles) == 1 and run.read == before:
                raise
            run.read += 1
            run.errors.append(error)
        else:
            _tell_passed(path, asked)
        advance()


def _tell_passed(path: str, asked: Pages) -> None:
    if asked.passed:
        kinds = ", ".join(number(count, kind) for kind, count in sorted(asked.passed.items()))
        say(f"lodkit: {path}: passed over: {kinds}")


def _once(run: Run, articles: Iterator[Built]) -> Iterator[Built]:
    """Of articles with one name, all but the first are errors. Only names are kept, so that any number of
    articles passes through.
    """
    first: dict[str, str] = {}
    for built in articles:
        known = first.get(built.document)
        if known is None:
            first[built.document] = built.name
            yield built
        else:
            run.errors.append(same_name(known, built))


def _each(run: Run, articles: Iterator[Built], folder: Path | None) -> Iterator[Output]:
    for built in _once(run, articles):
        yield Output(
            str(folder / (file_name(built.article.name) + run.form.extensions[0])) if folder else None,
            [built],
            chosen=False,
        )


def _together(run: Run, articles: Iterator[Built], target: str | None) -> Iterator[Output]:
    ordered = in_order(_once(run, articles))
    if ordered:
        yield Output(target, ordered)


def _make(run: Run, output: Output) -> None:
    """Validate an output and put it where it belongs; with ``--strict`` nothing is put anywhere before all is
    known to conform.
    """
    made = Made(output, [article_quads(built, run.options.with_text) for built in output.articles])
    if run.options.validated:
        made = replace(made, bad=_validate(run, made))
    if run.options.strict:
        run.held.append(made)
    else:
        _put(run, made)
    for built in output.articles:
        run.tally.count(built)


def report_severity(name: str) -> Severity:
    """Return the severity that an option names."""
    from ..validate import Severity

    return Severity(name.capitalize())


def _validate(run: Run, made: Made) -> frozenset[str]:
    """Validate each article by itself, so that its verdict is the same whatever file it goes to; return the
    documents of those that do not conform.
    """
    from ..validate import validate

    bad = []
    for article in made.articles:
        document = article.built.document
        report = validate(article, run.domain, articles={document: article.built.article})
        run.tally.add(article.built.name, report)
        if report.fails(report_severity(run.options.fail_on)):
            bad.append(document)
    run.bad += len(bad)
    return frozenset(bad)


def _fails(run: Run) -> bool:
    """Tell whether an article does not conform, or nothing at all was checked."""
    return bool(run.bad) or not run.tally.is_checked


def _put(run: Run, made: Made) -> None:
    target = made.output.target
    if target is not None:
        try:
            _write(run, made, target)
        except BrokenPipeError as error:
            if run.load is None:
                raise
            raise StoreError(
                "its reader has gone, and not everything is loaded", file="standard output", hint="load again"
            ) from error
        run.tally.written.append(target)
    if run.load is not None:
        from ..load import make_unit

        for article in made.articles:
            if article.built.document in made.bad and not run.options.force:
                run.withheld += 1
                continue
            run.load.add(make_unit(article.built.document, article.at(_level(run))))


def _level(run: Run) -> Level:
    return level_of(run.form.graphs) if run.options.evidence is None else run.options.evidence


def _write(run: Run, made: Made, target: str) -> None:
    quads = chain.from_iterable(article.at(_level(run)) for article in made.articles)
    with open_target(target, as_json=run.form.name == "jsonld", follow=made.output.chosen) as stream:
        write(quads, stream, run.form, domain=run.domain, base=run.options.base)


def _put_held(run: Run) -> None:
    for made in run.held:
        target = made.output.target
        if target is not None and target != STANDARD:
            make_folder(Path(target).parent)
        _put(run, made)


def _finish(run: Run, asked: int, *, to_stdout: bool) -> int:
    run.errors += run.load.errors if run.load else []
    code = _code(run, asked)
    if run.options.as_json:
        put_json(
            run.tally.as_json(code, run.errors)
            | ({"loaded": run.load.as_json(), "notLoaded": run.withheld} if run.load else {}),
            as_message=to_stdout,
        )
    else:
        tell(run.tally, refused=_refusal(run), color=has_color(sys.stderr))
        if run.load:
            run.load.tell()
        if run.withheld:
            say(f"lodkit: {number(run.withheld, 'article')} not loaded: what does not conform needs --force")
        for error in run.errors:
            say(f"lodkit: error: {error}")
    return code


def _refusal(run: Run) -> str | None:
    """Why nothing was written, if nothing was."""
    if not (run.options.strict and _fails(run)):
        return None
    asks = f"--fail-on {run.options.fail_on} asks for it" if run.tally.conforms else "it does not conform"
    return f"{asks} (--strict)"


def _code(run: Run, asked: int) -> int:
    if run.options.strict and _fails(run):
        return NOT_CONFORMING
    if not run.errors:
        return NOT_CONFORMING if _fails(run) else DONE
    return run.errors[0].exit_code if len(run.errors) == asked else PARTIAL
