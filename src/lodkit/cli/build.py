"""``lodkit build``: articles in, data and a summary out."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..build import Built, build_article, in_order, same_name
from ..domain import read_domain
from ..errors import InputError, UsageError
from ..files import STANDARD, file_name, open_output
from ..rdf import Format, format_named, format_of, write
from .summary import Tally, tell
from .terminal import has_color, progress, put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyoxigraph import Quad

    from ..domain import Domain
    from ..validate import Report

NOT_CONFORMING, PARTIAL = 1, 5
_DEFAULT_FORMAT = "trig"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; None is "as fits"."""

    form: str | None
    evidence: bool | None
    with_text: bool
    base: str
    strict: bool
    validated: bool
    folder: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write and the articles in it."""

    target: str
    articles: Sequence[Built]


@dataclass
class Run:
    """The state of one call."""

    options: Options
    domain: Domain
    form: Format
    tally: Tally = field(default_factory=Tally)
    errors: list[InputError] = field(default_factory=list)
    held: list[tuple[Output, list[Quad]]] = field(default_factory=list)
    refused: bool = False


def build_articles(articles: Sequence[str], target: str, options: Options) -> int:
    """Build articles and return the exit code.

    Raises:
        InputError: the only article is none; of several, the bad ones are told and the others built.
        StoreError: the data cannot be written.
        UsageError: the target's extension is no format's.
    """
    into_folder = target != STANDARD and (target.endswith(("/", os.sep)) or Path(target).is_dir())
    form = _format(target, options.form, into_folder)
    check_base(options.base)
    if options.strict and not options.validated:
        raise UsageError("--strict and --no-validate contradict each other")
    _refuse_overwriting(articles, target)
    run = Run(options, read_domain(options.folder), form)
    if into_folder and not options.strict:
        Path(target).mkdir(parents=True, exist_ok=True)
    with progress("Building", len(articles)) as advance:
        built = _read(run, articles, advance)
        outputs = _each(run, built, Path(target)) if into_folder else _together(run, built, target)
        for output in outputs:
            _make(run, output)
    return _finish(run, len(articles), to_stdout=target == STANDARD)


def check_base(base: str) -> None:
    """Refuse a base under which no IRI can be made.

    Raises:
        UsageError: it is not absolute, or holds what no IRI holds.
    """
    from pyoxigraph import NamedNode

    try:
        NamedNode(f"{base}id/x")
    except ValueError as error:
        raise UsageError(f"--base {base!r} is no IRI: {error}") from error
    if not base.endswith(("/", "#")):
        raise UsageError(f"--base {base!r} does not end in / or #", hint=f"write {base}/")


def _refuse_overwriting(articles: Sequence[str], target: str) -> None:
    path = Path(target)
    for article in articles:
        if STANDARD not in (target, article) and path.is_file() and Path(article).exists() and path.samefile(article):
            raise UsageError("would write over the article", file=target, hint="name another file with -o")


def _format(target: str, form: str | None, into_folder: bool) -> Format:
    if form is not None:
        return format_named(form)
    found = format_named(_DEFAULT_FORMAT) if target == STANDARD or into_folder else format_of(target)
    if found.name == "rdf":
        raise UsageError(f"{found.title} is read, not written", file=target, hint="write .ttl, .trig, .nt, .nq or .jsonld")
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
    """Of articles with one name, all but the first are errors."""
    first: dict[str, Built] = {}
    for built in articles:
        known = first.setdefault(built.document, built)
        if known is built:
            yield built
        else:
            run.errors.append(same_name(known, built))


def _each(run: Run, articles: Iterator[Built], folder: Path) -> Iterator[Output]:
    for built in _once(run, articles):
        yield Output(str(folder / (file_name(built.article.name) + run.form.extensions[0])), [built])


def _together(run: Run, articles: Iterator[Built], target: str) -> Iterator[Output]:
    ordered = in_order(_once(run, articles))
    if ordered:
        yield Output(target, ordered)


def _make(run: Run, output: Output) -> None:
    """Validate and write an output; with ``--strict`` nothing is written before all is known to conform."""
    wanted = run.form.graphs if run.options.evidence is None else run.options.evidence
    quads = [quad for built in output.articles for quad in built.quads(with_text=run.options.with_text)]
    report = _validate(run, output, quads) if run.options.validated else None
    for built in output.articles:
        run.tally.count(built)
    written = quads if wanted else facts(quads)
    if not run.options.strict:
        _write(run, output, written)
    elif report is None or report.conforms:
        run.held.append((output, written))
    else:
        run.refused = True


def facts(quads: Sequence[Quad]) -> list[Quad]:
    """Return the quads that are not in an evidence graph."""
    from ..rdf import EVIDENCE

    return [quad for quad in quads if not getattr(quad.graph_name, "value", "").endswith(EVIDENCE)]


def _validate(run: Run, output: Output, quads: Sequence[Quad]) -> Report:
    from ..validate import validate

    report = validate(quads, run.domain, articles={built.document: built.article for built in output.articles})
    run.tally.add(output.target, report)
    return report


def _write(run: Run, output: Output, quads: Sequence[Quad]) -> None:
    with open_output(output.target) as stream:
        write(quads, stream, run.form, domain=run.domain, base=run.options.base)
    run.tally.written.append(output.target)


def _finish(run: Run, asked: int, *, to_stdout: bool) -> int:
    if not run.refused:
        for output, quads in run.held:
            if output.target != STANDARD:
                Path(output.target).parent.mkdir(parents=True, exist_ok=True)
            _write(run, output, quads)
    code = _code(run, asked)
    if run.options.as_json:
        stream: Any = sys.stderr if to_stdout else sys.stdout
        put_json(run.tally.as_json(code, run.errors), stream=stream)
    else:
        tell(run.tally, refused=run.refused, color=has_color(sys.stderr))
        for error in run.errors:
            say(f"lodkit: error: {error}")
    return code


def _code(run: Run, asked: int) -> int:
    if run.refused:
        return NOT_CONFORMING
    if not run.errors:
        return 0
    return InputError.exit_code if len(run.errors) == asked else PARTIAL
