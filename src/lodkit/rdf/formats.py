"""RDF formats: one table, reading with positions, writing the same bytes for the same quads."""

from __future__ import annotations

import io
import os
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from ..errors import InputError, LimitError, UsageError
from ..files import COMPRESSIONS, STANDARD, open_input, plain_suffix
from ..statement import BASE
from ..worker.nesting import LINES, NestingGuard
from .lines import sorted_lines
from .reading import Reading, good_lines, what_is_dropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..domain import Domain
    from ..sandbox import TaskError


@dataclass(frozen=True, slots=True)
class Format:
    """A serialization of RDF. ``graphs`` tells whether it keeps named graphs."""

    name: str
    title: str
    extensions: tuple[str, ...]
    media_type: str
    graphs: bool
    parser: RdfFormat


FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("ttl", "Turtle", (".ttl", ".turtle", ".shacl"), "text/turtle", False, RdfFormat.TURTLE),
        Format("trig", "TriG", (".trig",), "application/trig", True, RdfFormat.TRIG),
        Format("nt", "N-Triples", (".nt",), "application/n-triples", False, RdfFormat.N_TRIPLES),
        Format("nq", "N-Quads", (".nq",), "application/n-quads", True, RdfFormat.N_QUADS),
        Format("jsonld", "JSON-LD", (".jsonld", ".json"), "application/ld+json", True, RdfFormat.JSON_LD),
        Format("rdf", "RDF/XML", (".rdf", ".owl", ".xml"), "application/rdf+xml", False, RdfFormat.RDF_XML),
    )
}
"""The formats by name; all are read and written."""

_PIECE = 1 << 16
_HINTS = {
    "No scheme found": "say with --base-iri what it is relative to",
    "has not been declared": "declare it at the top: @prefix name: <namespace> .",
}
"""What to do about what the parser says: of a relative IRI where there is no base, of an unknown prefix."""

_POSITION = re.compile(
    r"^Parser error (at line \d+ (column \d+|between columns? \d+ and (column )?\d+)|between .*? and [^:]*): "
)


def format_named(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UsageError: there is none of that name.
    """
    if name in FORMATS:
        return FORMATS[name]
    raise UsageError(f"no format {name!r}", hint=f"one of {', '.join(FORMATS)}")


def format_of(path: Path | str) -> Format:
    """Return the format that a file's extension stands for, ``.gz`` and ``.bz2`` taken off.

    >>> format_of("graph.trig.gz").title
    'TriG'

    Raises:
        UsageError: no format has that extension.
    """
    suffix = plain_suffix(path)
    for form in FORMATS.values():
        if suffix in form.extensions:
            return form
    known = ", ".join(form.extensions[0] for form in FORMATS.values())
    raise UsageError(
        "no RDF format has this extension",
        file=str(path),
        hint=f"{known}, each also with {' or '.join(COMPRESSIONS)}",
    )


def read(
    source: Path | str | bytes,
    form: Format | str | None = None,
    *,
    file: str | None = None,
    base: str | None = None,
    reading: Reading | None = None,
) -> Iterator[Quad]:
    """Yield the quads of a file (``-`` is standard input) or of bytes, as they come; the format is that of
    the extension unless given. Once all have come, ``reading`` tells what there is besides.

    Relative IRIs are resolved against ``base``, without one against the address of the file (RFC 3986 §5.1).
    No context, import or other document is ever fetched. What JSON-LD drops is counted in ``reading``.

    Raises:
        InputError: the data are not of that format; names file, line and column. Without ``reading`` also at
            the end of JSON-LD of which something was dropped.
        LimitError: reading them takes too much.
        UsageError: the format is unknown, or the base is no absolute IRI.
    """
    form = _format(form, source)
    told = Reading() if reading is None else reading
    if base is not None:
        check_base_iri(base)
    if isinstance(source, bytes):
        yield from _parse(source.removeprefix(BOM_UTF8), form, file, base, told)
    else:
        file = file or str(source)
        with open_input(source) as stream:
            yield from _parse(_after_mark(stream), form, file, base or file_iri(source), told)
    if reading is None and told.dropped:  # nobody would be told
        what = next(iter(told.dropped))
        raise InputError(f"JSON-LD drops {what}", file=file, hint="correct it, or read it with a Reading")


def file_iri(file: Path | str) -> str | None:
    """Return the address of a file (RFC 8089); standard input has none."""
    path = os.path.abspath(file)  # noqa: PTH100 - links are not followed: a pipe's other name is a number
    return None if str(file) == STANDARD else Path(path).as_uri()


def check_base_iri(base: str) -> None:
    """Check what relative IRIs are to be resolved against.

    Raises:
        UsageError: it is no absolute IRI.
    """
    try:
        list(pyoxigraph.parse(b"", RdfFormat.TURTLE, base_iri=base))
    except ValueError as error:
        hint = "an address such as https://example.org/data.ttl"
        raise UsageError("--base-iri is no absolute IRI", file=base, hint=hint) from error


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.read(_PIECE), b"")


def _format(form: Format | str | None, source: Path | str | bytes) -> Format:
    if isinstance(form, Format):
        return form
    if form is not None:
        return format_named(form)
    if isinstance(source, bytes) or str(source) == "-":
        raise UsageError("the format of standard input is not known", hint="say it with --from")
    return format_of(source)


def _after_mark(stream: Any) -> BinaryIO:
    """Skip a byte order mark, which some editors write and no RDF grammar allows."""
    if stream.peek(3)[:3] == BOM_UTF8:
        stream.read(3)
    return stream  # type: ignore[no-any-return]


def _parse(data: Any, form: Format, file: str | None, base: str | None, reading: Reading) -> Iterator[Quad]:
    """Parse in the sandbox; a format of lines only, where nothing else can stand in itself, is parsed
    here.
    """
    from ..sandbox import TOO_LONG_TERM, TaskError

    try:
        if form.parser in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
            yield from _parse_lines(
                io.BytesIO(data) if isinstance(data, bytes) else data, form, file, reading
            )
        else:
            yield from _parse_apart(
                [data] if isinstance(data, bytes) else _pieces(data), form, base, file, reading
            )
    except SyntaxError as error:
        raise _input_error(str(error.msg or error), form, file, error.lineno, error.offset) from error
    except LimitError as error:
        raise InputError(error.message, file=file, line=error.line, hint="nest less") from error
    except MemoryError as error:
        if TOO_LONG_TERM not in str(error):
            raise
        raise InputError("a term is longer than 16 MiB", file=file, hint="is it RDF?") from error
    except TaskError as error:
        raise _task_error(error, form, file) from error


def _parse_lines(stream: Any, form: Format, file: str | None, reading: Reading) -> Iterator[Quad]:
    if not reading.skips_bad:
        yield from pyoxigraph.parse(NestingGuard(stream, LINES), form.parser)  # type: ignore[arg-type]
        return

    def skip(text: str, number: int, line: bytes) -> None:
        reading.skip(_input_error(text, form, file, number, None))

    yield from good_lines(stream, form.parser, skip)


def _parse_apart(
    pieces: Iterable[bytes], form: Format, base: str | None, file: str | None, reading: Reading
) -> Iterator[Quad]:
    """Parse in the sandbox. What JSON-LD drops, the engine's reader drops without a word, but where it does
    not look at terms: there it comes, and is found among the lines.
    """
    from ..sandbox import parse_rdf  # what only writes needs no child process

    def skip(text: str, number: int, line: bytes) -> None:
        triple = line.decode("utf-8", "replace").strip().removesuffix(" .")
        if form.parser == RdfFormat.JSON_LD:
            reading.dropped[what_is_dropped(triple)] += 1
        else:
            message = f"holds a term that RDF does not have: {_POSITION.sub('', text)}"
            reading.skip(InputError(message, file=file, term=triple))

    is_lenient = reading.skips_bad or form.parser == RdfFormat.JSON_LD
    yield from parse_rdf(
        pieces,
        form.parser.media_type,
        base=base,
        is_lenient=is_lenient,
        prefixes=reading.prefixes,
        read_back=partial(good_lines, form=RdfFormat.N_QUADS, skip=skip) if is_lenient else None,
    )


def _task_error(error: TaskError, form: Format, file: str | None) -> InputError | LimitError:
    if error.kind in ("syntax", "failure"):
        return _input_error(error.message, form, file, error.line, error.column)
    if error.kind in ("crash", "limit"):
        message = error.message if error.kind == "limit" else f"reading this as {form.title} {error.message}"
        return InputError(message, file=file, line=error.line, hint=error.hint or "is it RDF?")
    return error.as_limit(f"reading this as {form.title}", file)


def _input_error(
    text: str, form: Format, file: str | None, line: int | None, column: int | None
) -> InputError:
    if "LoadDocumentCallback" in text:
        return InputError(
            "a context on the network is not fetched", file=file, hint="write the context into the file"
        )
    hint = next((hint for words, hint in _HINTS.items() if words in text), None)
    reason = _POSITION.sub("", text)
    return InputError(f"not {form.title}: {reason}", file=file, line=line, column=column, hint=hint)


def namespaces(domain: Domain | None = None, base: str = BASE) -> dict[str, str]:
    """Return the prefixes to write with: the domain's, and ``id`` and ``article`` for what is minted under
    the base.
    """
    return {"article": f"{base}article/", "id": f"{base}id/", **(domain.prefixes if domain else {})}


def write(
    quads: Iterable[Quad],
    out: BinaryIO,
    form: Format | str,
    *,
    domain: Domain | None = None,
    base: str = BASE,
    prefixes: Mapping[str, str] | None = None,
) -> None:
    """Write quads, each once, in sorted order, under prefixes that are given and the domain's; unused ones
    are left out.

    Turtle, N-Triples and RDF/XML hold the triples of all graphs, merged. JSON-LD takes its terms from the
    domain.

    Raises:
        UsageError: the format is unknown.
        InputError: a term does not fit into the format, as some do not into JSON-LD and RDF/XML.
    """
    form = _format(form, b"")
    given = prefixes or {}
    known = {prefix: iri for prefix, iri in namespaces(domain, base).items() if iri not in given.values()}
    _WRITERS[form.name](quads, out, {**known, **given}, domain)


def _write_nt(
    quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str], domain: Domain | None
) -> None:
    _write_nq((Quad(quad.subject, quad.predicate, quad.object) for quad in quads), out, prefixes, domain)


def _write_nq(
    quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str], domain: Domain | None
) -> None:
    out.writelines(line + b"\n" for line in sorted_lines(quads))


def _write_ttl(
    quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str], domain: Domain | None
) -> None:
    from .turtle import write_turtle  # its expressions take 4 ms to compile

    write_turtle(quads, out, prefixes)


def _write_trig(
    quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str], domain: Domain | None
) -> None:
    from .turtle import write_trig

    write_trig(quads, out, prefixes)


def _write_jsonld(
    quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str], domain: Domain | None
) -> None:
    from .jsonld import context, write_jsonld

    write_jsonld(quads, out, context(domain, prefixes))


def _write_xml(
    quads: Iterable[Quad], out: BinaryIO, prefixes: Mapping[str, str], domain: Domain | None
) -> None:
    from .xml import write_xml

    write_xml(quads, out, prefixes)


_WRITERS: Mapping[str, Callable[[Iterable[Quad], BinaryIO, Mapping[str, str], Domain | None], None]] = {
    "ttl": _write_ttl,
    "trig": _write_trig,
    "nt": _write_nt,
    "nq": _write_nq,
    "jsonld": _write_jsonld,
    "rdf": _write_xml,
}
