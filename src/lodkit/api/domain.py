"""A domain, by which articles are read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from ..build import article_files, build_pages, build_text, in_order
from ..domain import read_domain
from ..errors import DomainError, InputError, UsageError
from ..query import Solutions, Table, catalogue
from ..rdf import namespaces
from ..source import Article
from ..statement import BASE, check_base
from .corpus import Corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..build import Built


class Domain:
    """What articles are read by: classes, shapes, the words of the lexicon, the gazetteer and the queries of
    a folder; without one, those of the domain that ships with lodkit.

    It is read and checked once, when it is made, and kept in the user's cache folder, so that making it again
    takes hundredths of a second. It can be pickled, for the processes of a pool, as the name of its folder
    and its version: where it is unpickled the same folder is there, or it is an error. ``rules`` has what the
    folder says (`lodkit.domain.Domain`).

    >>> from lodkit.api import SAMPLE, Domain
    >>> domain = Domain()
    >>> domain.read(SAMPLE)
    <Corpus of 1 article: Blue Lantern>
    >>> domain.queries[0]["name"]
    'about'
    """

    __slots__ = ("rules",)

    def __init__(self, path: Path | str | None = None) -> None:
        """Read a domain folder: ``ontology/``, ``shapes/``, ``queries/``.

        Raises:
            DomainError: a file is missing or broken; names file and line.
        """
        self.rules = read_domain(Path(path) if path is not None else None)

    def __reduce__(self) -> tuple[Callable[[str | None, str], Domain], tuple[str | None, str]]:
        return _again, (None if self.rules.is_bundled else str(self.folder.absolute()), self.version)

    @property
    def folder(self) -> Path:
        """The folder; that of the domain that ships with lodkit lies in the package."""
        return Path(str(self.rules.folder))

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with the Turtle files of the folder."""
        return self.rules.version

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The namespace of each prefix that queries may use, ``id`` and ``article`` among them.

        >>> Domain().prefixes["id"]
        'https://w3id.org/lodkit/id/'
        """
        return namespaces(self.rules)

    @property
    def queries(self) -> Table:
        """The canned queries, a row each: name, topic, summary, and parameters as words.

        Raises:
            DomainError: one is broken.
        """
        rows = (
            (query.name, query.topic, query.summary, " ".join(one.name for one in query.parameters))
            for query in catalogue(self.rules).values()
        )
        texts = tuple(tuple(map(Literal, row)) for row in rows)
        return Table(Solutions(("name", "topic", "summary", "parameters"), texts))

    def read(self, *sources: Article | Path | str, base: str = BASE) -> Corpus:
        """Read articles: each a text, a file, a folder of files, or an `Article` that was parsed.

        A ``str`` with a line break in it is the text of an article, any other is a path. ``base`` is the IRI
        that all IRIs made here begin with. The articles come in the order of their IRIs, whatever the order
        of the sources.

        >>> text = "= Blue Lantern =\\n\\nBlue Lantern is a society founded by Ada Lund."
        >>> [row["founderLabel"] for row in Domain().read(text).query("founders")]
        ['Ada Lund']

        Raises:
            InputError: a source is no article, a folder holds none, or two articles have one title.
            UsageError: there is no source, or ``base`` is no IRI to make others from.
        """
        check_base(base)
        if not sources:
            raise UsageError("nothing to read", hint="give the text of an article, a file or a folder")
        built = (one for source in sources for one in self._built(source, base))
        return Corpus(self, tuple(in_order(built)), base)

    def _built(self, source: Article | Path | str, base: str) -> Iterator[Built]:
        is_text = isinstance(source, str) and ("\n" in source or "\r" in source)
        if isinstance(source, Article) or is_text:
            yield build_text(source, self.rules, base=base)  # type: ignore[arg-type] # no Path is left
        else:
            for file in article_files(source):
                yield from self._pages(file, base)

    def _pages(self, file: str, base: str) -> Iterator[Built]:
        for page in build_pages(file, self.rules, base=base):
            if isinstance(page, InputError):
                raise page
            yield page

    def __repr__(self) -> str:
        return f"<Domain {self.version} of {self.folder}>"


@lru_cache(maxsize=8)  # a process of a pool is given the same one with each task
def _again(folder: str | None, version: str) -> Domain:
    """The domain that was pickled.

    Raises:
        DomainError: the folder is not what it was, or is not there.
    """
    domain = Domain(folder)
    if domain.version != version:
        message = f"is version {domain.version}, and version {version} was pickled"
        raise DomainError(message, file=folder or str(domain.folder), hint="make the Domain anew")
    return domain
