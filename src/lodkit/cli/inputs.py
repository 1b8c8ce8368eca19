"""What commands are given: files, folders, stores and standard input, as data sets."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError, UsageError
from ..files import COMPRESSIONS, STANDARD, files_under, is_existing_folder, plain_suffix
from ..rdf import FORMATS, Reading, numbered, read
from .options import base_iri, skips_bad, was_skipped
from .terminal import number, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from ..rdf import Format

_MOST_SHOWN = 3
_OF_ARTICLES_TOO = (".json", ".xml")
_LONGEST_STEP = 255  # bytes: NAME_MAX of Linux and of most file systems


@dataclass(frozen=True, slots=True)
class DataSet:
    """Data that are validated as one: of files, or ``quads`` of a store.

    An article's text is a file that is no RDF. ``files`` may be of both kinds.
    """

    name: str
    files: tuple[str, ...] = ()
    quads: Callable[[], Iterable[Quad]] | None = None


def is_rdf(file: str, form: str | None) -> bool:
    """Tell RDF from an article's text: by the extension, for standard input by whether a format is given.
    What a wiki exports or answers is XML or JSON that begins so.
    """
    if file == STANDARD:
        return form is not None
    suffix = plain_suffix(file)
    if not any(suffix in known.extensions for known in FORMATS.values()):
        return False
    if suffix not in _OF_ARTICLES_TOO:
        return True
    from ..source import may_hold_pages  # queries have no other use for it

    return not may_hold_pages(file)


def data_sets(
    places: Sequence[str], is_together: bool, units: Callable[[str], Iterable[DataSet]]
) -> list[DataSet]:
    """Return the data sets that places stand for, in their order; ``units`` gives those of a store.

    Raises:
        InputError: a folder cannot be read, or holds no RDF.
        UsageError: standard input is given twice, a store with others as one data set, or an address is that
            of a file.
        StoreError: a store cannot be read.
    """
    if places.count(STANDARD) > 1:
        raise UsageError("standard input is given twice", hint="it can be read once")
    found: list[DataSet] = []
    for place in places:
        is_store = is_store_folder(place) or _is_server(place)
        if is_store and is_together:
            raise UsageError("a store goes without --together", file=place, hint="export it first")
        found += units(place) if is_store else [DataSet(f, (f,)) for f in files_in(place)]
    if not is_together:
        return found
    files = each_once(file for one in found for file in one.files)
    return [DataSet(" + ".join(files) if len(files) <= _MOST_SHOWN else f"{len(files)} files", files)]


def is_store_folder(place: str) -> bool:
    """Tell whether a place is a folder that is a store."""
    from ..store import is_store

    return place != STANDARD and is_store(place)


def _is_server(place: str) -> bool:
    """Tell whether a place is an address, but that of a file of RDF."""
    from ..store import is_address

    return place != STANDARD and is_address(place) and not os.path.lexists(place) and not is_rdf(place, None)


def files_in(place: str) -> list[str]:
    """Return a file, or the RDF files of a folder and the folders in it, in sorted order; links to folders
    are not followed.

    Raises:
        InputError: the folder has none, or cannot be read.
        UsageError: it is an address, or a store.
    """
    if "://" in place and not os.path.lexists(place):
        hint = "save it as a file; what a server holds comes with lodkit export"
        raise UsageError("is an address, and nothing is fetched here", file=place, hint=hint)
    if place == STANDARD:
        return [place]
    _refuse_long(place)
    if not is_existing_folder(place):
        return [place]
    if is_store_folder(place):
        hint = "lodkit export STORE --to FILE.nq writes what was loaded there"
        raise UsageError("is a store, and files are wanted here", file=place, hint=hint)
    inside, stores = _apart_from_stores(files_under(place))
    found = list(_rdf_of(inside))
    others = len(inside) - len(found)
    if not found:
        endings = ", ".join(form.extensions[0] for form in FORMATS.values())
        raise InputError(
            "no RDF in this folder", file=place, hint=f"{endings}, also with {' or '.join(COMPRESSIONS)}"
        )
    if others:
        say(f"lodkit: {place}: {number(others, 'file')} of other kinds passed over")
    for store in stores:
        say(f"lodkit: {store}: is a store, and passed over here")
    return found


def _refuse_long(place: str) -> None:
    """Refuse a name that no file can have.

    Raises:
        InputError: it is too long.
    """
    with suppress(OSError, ValueError):
        os.lstat(place)
        return
    longest = max(map(len, os.fsencode(place).split(b"/")))
    if longest > _LONGEST_STEP:
        raise InputError("name too long", file=place, hint="a name of a file has at most 255 bytes")


def _apart_from_stores(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """Files that lie in no store, and the folders that are stores, sorted: one of the files of a store has a
    name as if it were RDF.
    """
    known: dict[Path, bool] = {}
    kept = []
    for file in files:
        folder = Path(file).parent
        if folder not in known:
            known[folder] = is_store_folder(str(folder))
        if not known[folder]:
            kept.append(file)
    return kept, sorted(str(folder) for folder, is_one in known.items() if is_one)


def has_rdf(folder: str) -> bool:
    """Tell whether there are RDF files in a folder or the folders in it.

    Raises:
        InputError: one cannot be read.
    """
    inside, _ = _apart_from_stores(files_under(folder))
    return next(_rdf_of(inside), None) is not None


def _rdf_of(files: Iterable[str]) -> Iterator[str]:
    return (file for file in files if is_rdf(file, None) and _is_plain(file))


def each_once(files: Iterable[str]) -> tuple[str, ...]:
    """Return files without those that were named before, in whatever way: else their blank nodes would be
    two.
    """
    found: dict[str, str] = {}
    for file in files:
        found.setdefault(file if file == STANDARD else _identity(file), file)
    return tuple(found.values())


def _identity(file: str) -> str:
    """The path without links; as it stands where the working folder is gone."""
    try:
        return os.path.realpath(file)
    except OSError:
        return file


def _is_plain(file: str) -> bool:
    """A pipe in a folder would be waited for."""
    try:
        return stat.S_ISREG(Path(file).stat().st_mode)
    except OSError:  # a link that leads nowhere
        return False


def read_file(
    file: str, form: Format | str | None = None, *, prefixes: dict[str, str] | None = None
) -> Iterator[Quad]:
    """Yield the quads of a file as `lodkit.rdf.read` does, as the command was told to: with relative IRIs
    resolved, with or without what is bad. At the end what is not there is said; ``prefixes`` gets those that
    the file declares.
    """
    reading = Reading(skips_bad=skips_bad.get())
    yield from read(file, form, base=base_iri.get(), reading=reading)
    if prefixes is not None:
        prefixes |= reading.prefixes
    _say_what_lacks(file, reading)


def _say_what_lacks(file: str, reading: Reading) -> None:
    for error in reading.errors:
        say(f"lodkit: skipped: {error}")
    if reading.bad > len(reading.errors):
        say(f"lodkit: skipped: {file}: {reading.bad - len(reading.errors)} more")
    was_skipped.set(was_skipped.get() or reading.bad > 0)
    if reading.dropped:
        kinds = [f"{what} ({count})" if count > 1 else what for what, count in reading.dropped.most_common()]
        say_some(f"{file}: JSON-LD drops ", "; ", kinds)


def quads_of_files(files: Sequence[str], form: str | None) -> Iterator[Quad]:
    """Yield the quads of RDF files; of several, blank nodes of one label in two files stay two.

    Raises:
        InputError: a file cannot be read, or is not of its format.
    """
    for position, file in enumerate(files):
        quads = read_file(file, form if file == STANDARD else None)
        yield from numbered(quads, f"f{position}_" if len(files) > 1 else "")


def say_some(beginning: str, between: str, words: Sequence[str]) -> None:
    """Say the first of some words, and how many more there are; nothing of none."""
    if words:
        more = f"{between}and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
        say(f"lodkit: {beginning}{between.join(words[:_MOST_SHOWN])}{more}")
