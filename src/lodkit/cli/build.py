"""``lodkit build``: articles in, data and a summary out, into files or a store or both."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ..build import Built, build_article, in_order, same_name
from ..domain import read_domain
from ..errors import InputError, StoreError, UsageError
from ..files import STANDARD, file_name, is_existing_folder, make_folder
from ..load import make_unit
from ..query import ontology
from ..rdf import Format, format_named, format_of, write
from .stores import Connection, Load, loading
from .summary import Tally, tell
from .terminal import NOT_CONFORMING, PARTIAL, has_color, open_target, progress, put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pyoxigraph import Quad

    from ..domain import Domain
    from ..validate import Report

_DEFAULT_FORMAT = "trig"
_LONGEST_BASE = 1000


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; None is "as fits"."""

    form: str | None
    evidence: bool | None
    with_text: bool
    base: str
    strict: bool
    validated: bool
    into: str | None
    connection: Connection
    folder: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write (None: there is none) and the articles in it."""

    target: str | None
    articles: Sequence[Built]


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be put into a file, a store, or both: the quads of each article by its document's IRI."""

    target: str | None
    quads: Mapping[str, Sequence[Quad]]


@dataclass
class Run:
    """The state of one call."""

    options: Options
    domain: Domain
    form: Format
    tally: Tally = field(default_factory=Tally)
    errors: list[InputError] = field(default_factory=list)
    held: list[Made] = field(default_factory=list)
    refused: bool = False
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
    if target is not None:
        _refuse_overwriting(articles, target)
    run = Run(options, read_domain(options.folder), form)
    if target is not None and into_folder and not options.strict:
        make_folder(Path(target))
    with ExitStack() as stack:
        if not options.strict:
            _open_load(run, stack)
        _build(run, articles, target, into_folder)
        if run.held and not run.refused:
            _open_load(run, stack)
            _put_held(run)
    return _finish(run, len(articles), to_stdout=target == STANDARD)


def _open_load(run: Run, stack: ExitStack) -> None:
    if run.options.into is not None:
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
            _make(run, output)


def check_base(base: str) -> None:
    """Refuse a base under which no IRI can be made, or not one that all readers take as it is.

    Raises:
        UsageError: it is not absolute, holds what no IRI holds, or ends in the middle of a name.
    """
    from pyoxigraph import NamedNode

    if len(base) > _LONGEST_BASE:
        raise UsageError(f"--base is longer than {_LONGEST_BASE} characters", hint="it stands in every IRI")
    try:
        NamedNode(f"{base}id/x")
    except ValueError as error:
        raise UsageError(f"--base {base!r} is no IRI: {error}") from error
    if "#" in base:
        raise UsageError(
            f"--base {base!r} holds #", hint="places and graphs are named by what stands after it"
        )
    if not base.endswith("/"):
        raise UsageError(f"--base {base!r} does not end in /", hint=f"write {base}/")
    if {".", ".."} & set(base.split("/")):
        raise UsageError(
            f"--base {base!r} has a step . or ..", hint="some readers take it out (RFC 3986 §5.2.4)"
        )


def _refuse_overwriting(articles: Sequence[str], target: str) -> None:
    path = Path(target)
    for article in articles:
        if (
            STANDARD not in (target, article)
            and os.path.isfile(path)  # noqa: PTH113 (a name that is too long is told where it is opened)
            and Path(article).exists()
            and path.samefile(article)
        ):
            raise UsageError("would write over the article", file=target, hint="name another file with -o")


def _format(target: str | None, form: str | None, into_folder: bool) -> Format:
    if form is not None:
        return format_named(form)
    found = (
        format_named(_DEFAULT_FORMAT)
        if target in (None, STANDARD) or into_folder
        else format_of(target or "")
    )
    if found.name == "rdf":
        raise UsageError(
            f"{found.title} is read, not written", file=target, hint="write .ttl, .trig, .nt, .nq or .jsonld"
        )
    return found


def _read(run: Run, articles: Sequence[str], advance: Callable[[], None]) -> Iterator[Built]:
    for path in articles:
        try:
            yield build_article(path, run.domain, base=run.options.base)
        except InputError as error:
            if len(articles) == 1:
                raise
            run.errors.append(error)
        advance()


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
        )


def _together(run: Run, articles: Iterator[Built], target: str | None) -> Iterator[Output]:
    ordered = in_order(_once(run, articles))
    if ordered:
        yield Output(target, ordered)


def _make(run: Run, output: Output) -> None:
    """Validate an output and put it where it belongs; with ``--strict`` nothing is put anywhere before all is
    known to conform.
    """
    wanted = run.form.graphs if run.options.evidence is None else run.options.evidence
    quads = {built.document: list(built.quads(with_text=run.options.with_text)) for built in output.articles}
    report = (
        _validate(run, output, list(chain.from_iterable(quads.values()))) if run.options.validated else None
    )
    for built in output.articles:
        run.tally.count(built)
    made = Made(
        output.target, quads if wanted else {document: facts(some) for document, some in quads.items()}
    )
    if not run.options.strict:
        _put(run, made)
    elif report is None or report.conforms:
        run.held.append(made)
    else:
        run.refused = True


def facts(quads: Sequence[Quad]) -> list[Quad]:
    """Return the quads that are not in an evidence graph."""
    from ..rdf import EVIDENCE

    return [quad for quad in quads if not getattr(quad.graph_name, "value", "").endswith(EVIDENCE)]


def _validate(run: Run, output: Output, quads: Sequence[Quad]) -> Report:
    from ..validate import validate

    report = validate(
        quads, run.domain, articles={built.document: built.article for built in output.articles}
    )
    run.tally.add(output.target or output.articles[0].name, report)
    return report


def _put(run: Run, made: Made) -> None:
    if made.target is not None:
        try:
            _write(run, made, made.target)
        except BrokenPipeError as error:
            if run.load is None:
                raise
            raise StoreError(
                "its reader has gone, and not everything is loaded", file="standard output", hint="load again"
            ) from error
        run.tally.written.append(made.target)
    if run.load is not None:
        for document, quads in made.quads.items():
            run.load.add(make_unit(document, quads))


def _write(run: Run, made: Made, target: str) -> None:
    quads = chain.from_iterable(made.quads.values())
    with open_target(target, as_json=run.form.name == "jsonld") as stream:
        write(quads, stream, run.form, domain=run.domain, base=run.options.base)


def _put_held(run: Run) -> None:
    for made in run.held:
        if made.target is not None and made.target != STANDARD:
            make_folder(Path(made.target).parent)
        _put(run, made)


def _finish(run: Run, asked: int, *, to_stdout: bool) -> int:
    run.errors += run.load.errors if run.load else []
    code = _code(run, asked)
    if run.options.as_json:
        put_json(
            run.tally.as_json(code, run.errors) | ({"loaded": run.load.as_json()} if run.load else {}),
            as_message=to_stdout,
        )
    else:
        tell(run.tally, refused=run.refused, color=has_color(sys.stderr))
        if run.load:
            run.load.tell()
        for error in run.errors:
            say(f"lodkit: error: {error}")
    return code


def _code(run: Run, asked: int) -> int:
    if run.refused:
        return NOT_CONFORMING
    if not run.errors:
        return 0
    return InputError.exit_code if len(run.errors) == asked else PARTIAL
