"""The articles of a file: one of a text, as many as it has pages of an export or of an answer."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

from ..errors import InputError
from ..files import COMPRESSIONS, STANDARD, open_input, plain_suffix
from ..limits import limits, size_text
from .answers import pages_of_json
from .article import Article, Origin
from .cells import Cell, Item, Link
from .embedded import Page
from .export import ExportReader, read_redirects
from .reading import SUFFIXES, decoded, parse_article, recognised, refuse_other_files

if TYPE_CHECKING:
    from ..domain.wikitext import Wikitext


@dataclass
class Reading:
    """How articles are read, and what was passed over of a file.

    ``abbreviations``, ``form``, ``title`` and ``wikitext`` are as in `lodkit.source.parse_article`;
    ``passed`` counts what of an export is no article, by its kind.
    """

    abbreviations: Collection[str] = ()
    form: str | None = None
    title: str | None = None
    wikitext: Wikitext | None = None
    passed: Counter[str] = field(default_factory=Counter)


def read_articles(path: Path | str, reading: Reading) -> Iterator[Article | InputError]:
    """Yield the articles of a file, ``-`` being standard input; of a page that cannot be read, the error.

    An export is read page by page, and holds memory for one page and for its redirects. Links that lead to a
    redirect of it lead to where that leads.

    Raises:
        InputError: the file cannot be read, or is none that has articles.
    """
    name = str(path)
    with open_input(name) as stream:
        start = cast(BufferedReader, stream).peek(_START)[:_START]
        refuse_other_files(start, name)
        form = reading.form or recognised(start, name)
        if form == "export":
            yield from _exported(stream, name, reading)
            return
        most = limits().article
        data = stream.read(most + 1)
        if len(data) > most:
            packed = " when decompressed" if Path(name).suffix.lower() in COMPRESSIONS else ""
            hint = "--limit-input SIZE takes more"
            raise InputError(f"is longer than {size_text(most)}{packed}", file=name, hint=hint)
    text = decoded(data, name)
    if form == "json":
        yield from _answered(text, name, reading)
    else:
        yield parse_article(
            text,
            abbreviations=reading.abbreviations,
            file=name,
            form=form,
            title=reading.title,
            wikitext=reading.wikitext,
        )


NO_PAGE = "holds no page that is an article"
"""What is said of a file whose pages are all passed over."""

_T = TypeVar("_T")

_START = 4096
"""How many bytes tell what a file is."""


_OF_WIKIS = (b'"query"', b'"parse"', b'"article_body"', b'"revisions"', b'"content_model"')


def may_hold_pages(file: str) -> bool:
    """Tell of a file in a folder whether it is an article by what it begins with: much else than exports and
    answers of wikis is XML or JSON.
    """
    if SUFFIXES.get(plain_suffix(file)) not in ("export", "json"):
        return True
    with suppress(InputError), open_input(file) as stream:
        start = cast(BufferedReader, stream).peek(_START)[:_START]
        form = recognised(start, file)
        return (form == "export" and b"<mediawiki" in start) or (
            form == "json" and any(word in start for word in _OF_WIKIS)
        )
    return False


def _exported(stream: BinaryIO, file: str, reading: Reading) -> Iterator[Article | InputError]:
    redirects: dict[str, str] = {}
    if file != STANDARD:
        with open_input(file) as again:
            redirects = read_redirects(again)
    reader = ExportReader(stream, file)
    known: Mapping[str, str] = redirects or reader.redirects  # standard input is read once
    for page in reader.pages():
        yield _article(page, file, reading, known)
    reading.passed += reader.passed


def _answered(text: str, file: str, reading: Reading) -> Iterator[Article | InputError]:
    for page in pages_of_json(text, file):
        yield _article(page, file, reading, {})


def _article(
    page: Page | InputError, file: str, reading: Reading, redirects: Mapping[str, str]
) -> Article | InputError:
    """The article of a page, or why it has none."""
    if isinstance(page, InputError):
        return page
    try:
        article = parse_article(
            page.text,
            abbreviations=reading.abbreviations,
            file=file,
            form=page.form,
            title=reading.title or page.title,
            wikitext=reading.wikitext,
        )
    except InputError as error:
        return InputError(
            f"the page {page.title!r}: {error.message}", file=file, line=page.line, hint=error.hint
        )
    except (RecursionError, MemoryError):
        return InputError(f"the page {page.title!r} is nested too deeply", file=file, line=page.line)
    origin = Origin(
        file,
        article.origin.form,
        hashlib.sha256(page.text.encode()).hexdigest(),
        page.meta.get("revision"),
        page.meta.get("licence"),
        page.meta.get("url"),
    )
    article = replace(
        article,
        origin=origin,
        map=replace(article.map, anchors=page.anchors),
        language=page.meta.get("language") or article.language,
    )
    return _redirected(article, redirects) if redirects else article


def _redirected(article: Article, redirects: Mapping[str, str]) -> Article:
    """The article with its links going where the pages that they name lead to."""

    def led(link: Link) -> Link:
        target = redirects.get(link.target)
        return link if target is None or link.kind != "page" else replace(link, target=target)

    def item_led(item: Item) -> Item:
        parts = tuple(led(part) if isinstance(part, Link) else part for part in item.parts)
        return item if parts == item.parts else replace(item, parts=parts)

    def cell_led(cell: Cell) -> Cell:
        items = tuple(map(item_led, cell.items))
        return cell if items == cell.items else replace(cell, items=items)

    return replace(article, links=tuple(map(led, article.links)), cells=tuple(map(cell_led, article.cells)))


def read_article(
    path: Path | str,
    *,
    abbreviations: Collection[str] = (),
    form: str | None = None,
    title: str | None = None,
    wikitext: Wikitext | None = None,
) -> Article:
    """Read the one article of a file, ``-`` being standard input; ``.gz`` and ``.bz2`` are decompressed. What
    ``form``, ``title`` and ``wikitext`` are says `parse_article`.

    Raises:
        InputError: the file cannot be read, is longer than ``limits().article``, is not UTF-8, is no article
            or holds several.
    """
    return only_one(read_articles(path, Reading(abbreviations, form, title, wikitext)), str(path))


def only_one(pages: Iterator[_T | InputError], file: str) -> _T:
    """Return what a file holds one page of.

    Raises:
        InputError: it holds none or several, or the page cannot be read.
    """
    found = next(pages, None)
    if found is None:
        raise InputError(NO_PAGE, file=file)
    if isinstance(found, InputError):
        raise found
    if next(pages, None) is not None:
        raise InputError("holds several pages", file=file, hint="lodkit build reads them all")
    return found
