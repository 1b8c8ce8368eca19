"""The shapes that data are validated against, in files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import SHAPES, Domain, graph_of_files, missing_imports, passed_over, shape_files, shapes_only
from ..domain.graph import LARGEST_DOMAIN
from ..errors import DomainError, UsageError
from ..files import STANDARD, open_input
from ..limits import size_text
from ..rdf import OF_SHAPES, file_iri, format_of, numbered, read
from .inputs import each_once, files_in, say_some
from .options import base_iri
from .terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyoxigraph import Quad


def read_shapes_files(places: Sequence[str]) -> Domain:
    """Read files of shapes, folders of them among them, as what data are validated against.

    Raises:
        InputError: a file cannot be read, or is not of its format.
        DomainError: something is wrong with the shapes.
        UsageError: a file's extension is no format's, or it is standard input.
    """
    if STANDARD in places:
        raise UsageError("shapes are not read from standard input", hint="name a file with an extension")
    files = each_once(file for place in places for file in files_in(place))
    graph = graph_of_files(_parsed(file, position) for position, file in enumerate(files))
    domain = shapes_only(graph)
    say_some("owl:imports of what is not at hand, and is not fetched: ", ", ", missing_imports(graph))
    say_some("passed over: ", "; ", list(passed_over(domain)))
    return domain


def say_unread(domain: Domain) -> None:
    """Name the files in the ``shapes/`` of a folder that are not read."""
    if domain.is_bundled or domain.is_shapes_only:
        return
    for name in shape_files(domain.folder)[1]:
        say(f"lodkit: {name} is not read: shapes end in {', '.join(SHAPES)}")


def _parsed(file: str, position: int) -> tuple[str, str, Iterator[Quad]]:
    form = format_of(file)
    with open_input(file) as stream:
        data = stream.read(LARGEST_DOMAIN + 1)
    if len(data) > LARGEST_DOMAIN:
        raise DomainError(f"is larger than {size_text(LARGEST_DOMAIN)}, as shapes may not be", file=file)
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    quads = read(data, form, file=file, base=base_iri.get() or file_iri(file))
    return file, text, numbered(quads, f"{OF_SHAPES}{position}_")
