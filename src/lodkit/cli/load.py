"""``lodkit load``: RDF into a store, embedded or remote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import read_domain
from ..errors import InputError, UsageError
from ..files import STANDARD, open_input
from ..load import group_units
from ..rdf import format_named, format_of, read
from .build import PARTIAL
from .stores import Connection, Load, loading
from .terminal import progress, put_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..rdf import Format


def load_files(files: Sequence[str], place: str, origin: str | None, connection: Connection, folder: Path | None, as_json: bool) -> int:
    """Load files into a store and return the exit code.

    Raises:
        InputError: the only file cannot be read; of several, the bad ones are told and the others loaded.
        StoreError: the store is in use, not reached, or fails; what was loaded before stays.
        UsageError: a file's format is not known, or the options do not fit.
    """
    sources = [(file, _format(file, origin)) for file in files]
    errors = [error for file in files for error in _unreadable(file)]
    if len(errors) == len(files):
        raise errors[0]
    with progress("Loading", len(files) if len(files) > 1 else None) as advance, loading(place, connection, read_domain(folder)) as load:
        for file, form in sources:
            if not any(error.file == file for error in errors):
                _load(file, form, load, errors, advance if len(files) == 1 else None)
            if len(files) > 1:
                advance()
    if as_json:
        put_json(load.as_json() | {"errors": [str(error) for error in errors]})
    else:
        load.tell()
    for error in errors:
        say(f"lodkit: error: {error}")
    return 0 if not errors else PARTIAL if load.outcomes else InputError.exit_code


def _format(file: str, origin: str | None) -> Format:
    if origin is not None:
        return format_named(origin)
    if file == STANDARD:
        raise UsageError("standard input has no extension", hint="say what it is with --from")
    try:
        return format_of(file)
    except UsageError as error:
        hint = "articles are loaded by lodkit build ARTICLE --into, RDF of another extension with --from"
        raise UsageError("is no RDF by its extension", file=file, hint=hint) from error


def _unreadable(file: str) -> Iterator[InputError]:
    """Yield why a file cannot be opened; it is read later."""
    try:
        with open_input(file):
            pass
    except InputError as error:
        yield error


def _load(file: str, form: Format, load: Load, errors: list[InputError], advance: Callable[[], None] | None) -> None:
    try:
        for unit in group_units(read(file, form), file=file):
            try:
                load.add(unit)
            except InputError as error:
                errors.append(InputError(error.message, file=file, term=error.term, hint=error.hint))
            if advance:
                advance()
    except InputError as error:
        errors.append(error)
