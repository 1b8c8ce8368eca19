"""Files to data in one call: articles read, extracted and turned into quads, or into rdflib's graphs."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from .domain import read_domain
from .errors import InputError
from .extract import Extraction, Watch, extract, with_links
from .extract.values import language_tag
from .files import COMPRESSIONS, STANDARD, files_under, is_existing_folder, plain_suffix
from .rdf import Level, Source, lean, level_of, namespaces, quads, read_source, to_graph, to_rdflib
from .source import (
    SUFFIXES,
    WIKITEXT_SUFFIXES,
    Article,
    Origin,
    Reading,
    may_hold_pages,
    only_one,
    parse_article,
    read_articles,
)
from .statement import BASE, Modality

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import rdflib
    from pyoxigraph import Quad

    from .domain import Domain

ARTICLE_SUFFIXES = (".txt", *WIKITEXT_SUFFIXES, *SUFFIXES)
"""What the names of articles in a folder end in, before that of a compression."""


LEFT_OUT = {
    "template": "no rule says what this template means",
    "markup": "it does not end, or nothing begins it",
    "table": "tables are passed over",
    "reference": "no reference of this name is on the page",
    "element": "elements of this kind are passed over",
}
"""Why the reader of a file leaves something out, by the kinds of `Remark`."""


@dataclass(frozen=True)
class Built:
    """An article's extraction, with where its text comes from; ``name`` is what the user called its file."""

    name: str
    extraction: Extraction
    source: Source | None
    domain: Domain = field(repr=False)

    @property
    def article(self) -> Article:
        """The article."""
        return self.extraction.article

    @property
    def document(self) -> str:
        """The IRI of the article."""
        return self.extraction.document.value

    def quads(self, *, evidence: bool | str = True, with_text: bool = False) -> Iterator[Quad]:
        """Yield the article's quads: facts, then evidence."""
        level = level_of(evidence)
        found = quads(
            self.extraction,
            source=self.source,
            domain_version=self.domain.version,
            with_text=with_text,
            evidence=level is not Level.NONE,
        )
        return lean(list(found)) if level is Level.LEAN else found


@dataclass(frozen=True, slots=True)
class Unread:
    """What an article says and no fact does: the ``words``, their line and column (from 1, columns in code
    points), and the reason.

    ``kind`` is row, value, match or sentence, ``rejected`` for a value that its shape refuses, ``ignored``
    for what says nothing of the subject, or one of `LEFT_OUT`.
    """

    kind: str
    line: int
    column: int
    words: str
    reason: str


def unread(built: Built) -> list[Unread]:
    """Return what was not understood of an article, in the order of its text."""
    article = built.article
    found = [(one.span, "", one.kind, one.reason) for one in built.extraction.skipped]
    for one in built.extraction.statements:
        if one.modality is Modality.REJECTED:
            key = f"{one.key_span.of(article.text)}: " if one.key_span else ""
            found.append((one.span, key, one.modality.value, str(one.object)))
    said = [
        Unread(kind, *article.position(span.start), " ".join(f"{key}{span.of(article.text)}".split()), reason)
        for span, key, kind, reason in sorted(found, key=lambda one: (one[0], one[2:]))
    ]
    return [*said, *_left_out(article)]


def _left_out(article: Article) -> Iterator[Unread]:
    """What the reader of the file left out, each kind of thing once, where it first stands."""
    for remark in sorted(article.remarks, key=lambda one: (one.offset, one.words)):
        more = f", and {remark.count - 1} more" if remark.count > 1 else ""
        line, column = article.map.place(remark.offset)
        yield Unread(remark.kind, line, column, remark.words, f"{LEFT_OUT[remark.kind]}{more}")


def article_files(place: Path | str) -> list[str]:
    """Return a file, or of a folder and the folders in it the articles (``.txt``, ``.wiki``, ``.html``,
    ``.xml``, ``.json`` and the like, also compressed), sorted; of ``.xml`` and ``.json`` in a folder only
    what begins as an export or an answer of a wiki does, and of plain text and wikitext whose names differ in
    the ending only, the plain text.

    Raises:
        InputError: the folder has none, or cannot be read.
    """
    if str(place) == STANDARD or not is_existing_folder(place):
        return [str(place)]
    texts = (file for file in files_under(place) if plain_suffix(file) in ARTICLE_SUFFIXES)
    found = _each_page_once(file for file in texts if Path(file).is_file() and may_hold_pages(file))
    if not found:
        endings = f"{', '.join(ARTICLE_SUFFIXES)}, also with {' or '.join(COMPRESSIONS)}"
        raise InputError("no articles in this folder", file=str(place), hint=f"their names end in {endings}")
    return found


def _each_page_once(files: Iterable[str]) -> list[str]:
    """Of a page that stands in a folder as plain text and as wikitext, the plain text; sorted."""
    found: dict[str, str] = {}
    for file in sorted(files, key=lambda name: (ARTICLE_SUFFIXES.index(plain_suffix(name)), name)):
        suffix = plain_suffix(file)
        is_one_page = suffix == ".txt" or suffix in WIKITEXT_SUFFIXES
        found.setdefault(file[: file.lower().rindex(suffix)] if is_one_page else file, file)
    return sorted(found.values())


def build_text(
    article: Article | str,
    domain: Domain,
    *,
    base: str = BASE,
    form: str | None = None,
    title: str | None = None,
) -> Built:
    """Read what an article says that is at hand, parsed or as its text; `lodkit.source.parse_article` says
    what ``form`` and ``title`` are.

    Raises:
        InputError: the text is no article, or takes more memory than there is.
    """
    with within_means("the text"):
        if isinstance(article, str):
            words = domain.english.words("abbreviation")
            article = parse_article(
                article, abbreviations=words, form=form, title=title, wikitext=domain.wikitext
            )
        language = _known_tag(article.language) or "en"
        extraction = extract(article, domain, base=base, language=language)
        return Built(article.file or article.name, extraction, None, domain)


def build_article(
    path: Path | str,
    domain: Domain,
    *,
    base: str = BASE,
    form: str | None = None,
    title: str | None = None,
    language: str | None = None,
) -> Built:
    """Read the one article of a file and what it says; ``-`` is standard input, a ``.toml`` beside a file
    says where its text comes from. `lodkit.source.parse_article` says what ``form`` and ``title`` are;
    ``language`` is a tag (BCP 47), by default what the ``.toml`` or the file says, else English.

    Raises:
        InputError: the file is no article, holds several, or takes more memory than there is.
    """
    asked = Pages(form, title, language)
    return only_one(build_pages(path, domain, base=base, asked=asked), str(path))


@dataclass
class Pages:
    """How the pages of a file are read: ``form`` and ``title`` as `lodkit.source.parse_article` has them,
    ``language`` a tag (BCP 47), ``subject_class`` the IRI of the class of what they are about, ``watch`` is
    shown their sentences. ``passed`` counts what of an export is no article, by its kind.
    """

    form: str | None = None
    title: str | None = None
    language: str | None = None
    subject_class: str | None = None
    watch: Watch | None = None
    passed: Counter[str] = field(default_factory=Counter)


def build_pages(
    path: Path | str, domain: Domain, *, base: str = BASE, asked: Pages | None = None
) -> Iterator[Built | InputError]:
    """Yield the articles of a file with what they say, one of a text, and as many as there are pages of an
    export or an answer of a wiki; of a page that cannot be read, the error. ``-`` is standard input.

    Raises:
        InputError: the file cannot be read, is none that has articles, or ends in the middle.
    """
    asked = asked or Pages()
    _refuse_name(path)
    with within_means(str(path)):
        source = read_source(Path(path)) if str(path) != STANDARD else None
        title = asked.title or (source.title if source else None)
        words = domain.english.words("abbreviation")
        reading = Reading(words, asked.form, title, domain.wikitext, asked.passed)
        for article in read_articles(path, reading):
            if isinstance(article, InputError):
                yield article
            else:
                yield _built(article, str(path), domain, base, source, asked)


def _built(
    article: Article, name: str, domain: Domain, base: str, source: Source | None, asked: Pages
) -> Built:
    """An article with what it says; the ``.toml`` beside its file goes before what the file says of it."""
    tag = asked.language
    if source is not None and tag is not None:
        source = replace(source, language=tag)
    language = tag or (source.language if source else None) or _known_tag(article.language) or "en"
    extraction = extract(
        article,
        domain,
        base=base,
        language=language,
        subject_class=asked.subject_class,
        watch=asked.watch,
    )
    return Built(name, extraction, _with_origin(source, article.origin, name), domain)


def _with_origin(source: Source | None, said: Origin, name: str) -> Source | None:
    """What is known of where a text comes from, with what its file says of it where nothing else does."""
    if not (said.url or said.licence or said.revision):
        return source
    told = source or Source(Path(name).name if name != STANDARD else None)
    return replace(
        told,
        source=told.source or said.url,
        licence=told.licence or said.licence,
        revision=told.revision or said.revision,
    )


def _known_tag(tag: str | None) -> str | None:
    """A language tag that a page gives itself, if it is one."""
    return language_tag(tag, {}) if tag else None


def linked(built: Built, names: Collection[str]) -> Built:
    """Return an article that also says which resources of data sets are of the pages that it links to; names
    are of `lodkit.extract.LINK_SETS`.
    """
    return replace(built, extraction=with_links(built.extraction, names)) if names else built


def _refuse_name(path: Path | str) -> None:
    """Refuse a file whose base name, which becomes a literal, is no text."""
    try:
        Path(path).name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            "the name of the file is not UTF-8",
            file=str(path),
            hint="rename it, or give it as standard input",
        ) from error


@contextmanager
def within_means(file: str) -> Iterator[None]:
    """Turn what one input does to the process into an error that names it, so that others can be worked on.

    Raises:
        InputError: the block took more memory than there is, or nested too deeply.
    """
    try:
        yield
    except MemoryError:  # what holds the memory goes with the traceback
        raise InputError("needs more memory than there is", file=file, hint="give it alone") from None
    except RecursionError:
        raise InputError("is nested too deeply", file=file, hint="give it with less nesting") from None


def in_order(articles: Iterable[Built]) -> list[Built]:
    """Sort articles by name.

    Raises:
        InputError: two have one name.
    """
    ordered = sorted(articles, key=lambda built: built.document)
    for one, other in pairwise(ordered):
        if one.document == other.document:
            raise same_name(one.name, other)
    return ordered


def same_name(one: str, other: Built) -> InputError:
    """Make the error that the second of two articles has the name of the first, which is in a file of the
    name given.
    """
    message = f"has the title of {one}: {other.article.name}"
    return InputError(message, file=other.name, line=1, hint="give each article once, or build the two apart")


def read_graph(*articles: Path | str, domain: Path | str | None = None, base: str = BASE) -> rdflib.Graph:
    """Read articles and return their facts as one graph; ``domain`` is a folder, by default the domain that
    ships with lodkit.

    Raises:
        InputError: a file is no article, or two have one title.
        DomainError: the domain is broken.
    """
    built, prefixes = _build(articles, domain, base)
    return to_graph((quad for one in built for quad in one.quads(evidence=False)), prefixes=prefixes)


def read_dataset(*articles: Path | str, domain: Path | str | None = None, base: str = BASE) -> rdflib.Dataset:
    """Read articles and return two named graphs for each, facts and evidence; the default graph is the union
    of all.

    Raises:
        InputError: a file is no article, or two have one title.
        DomainError: the domain is broken.
    """
    built, prefixes = _build(articles, domain, base)
    return to_rdflib((quad for one in built for quad in one.quads()), prefixes=prefixes)


def _build(
    articles: Iterable[Path | str], folder: Path | str | None, base: str
) -> tuple[list[Built], dict[str, str]]:
    domain = read_domain(Path(folder) if folder is not None else None)
    return in_order(build_article(path, domain, base=base) for path in articles), namespaces(domain, base)
