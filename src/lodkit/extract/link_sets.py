"""The same things in other data sets, as links to the pages about them say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from ..domain.lexicon import CORE
from ..statement import Basis, Modality, Statement, article_iri, place_of

if TYPE_CHECKING:
    from . import Extraction

EXACT_MATCH = "http://www.w3.org/2004/02/skos/core#exactMatch"
IS_TOPIC = "http://xmlns.com/foaf/0.1/isPrimaryTopicOf"
_LINK = NamedNode(f"{CORE}link")

LINK_SETS = {"dbpedia": ("http://dbpedia.org/resource/", "http://{language}.dbpedia.org/resource/")}
"""Data sets whose resources have the names of pages (https://www.dbpedia.org/resources/linked-data/): what
their IRIs begin with for pages in English, and for those of other languages.
"""


def with_links(extraction: Extraction, names: Collection[str]) -> Extraction:
    """Return an extraction that also says, of each node with a page, which resources of data sets are of the
    same page. ``names`` are of `LINK_SETS`.
    """
    found = [*extraction.statements]
    language = extraction.language.partition("-")[0].lower()
    for name in sorted(set(names)):
        english, other = LINK_SETS[name]
        begin = english if language == "en" else other.replace("{language}", language)
        found += _matches(extraction, begin)
    return replace(extraction, statements=tuple(sorted(found, key=place_of)))


def _matches(extraction: Extraction, begin: str) -> list[Statement]:
    folder = article_iri("", extraction.base)
    pages = [one for one in extraction.statements if _is_link(one)]
    if extraction.article.origin.form != "plain":
        topic, title = NamedNode(IS_TOPIC), extraction.article.title
        pages.append(Statement(extraction.subject, topic, extraction.document, _LINK, title))
    return [
        replace(
            one,
            predicate=NamedNode(EXACT_MATCH),
            object=NamedNode(begin + _titled(str(one.object.value).removeprefix(folder))),
            basis=Basis.LINKED,
        )
        for one in pages
    ]


def _is_link(statement: Statement) -> bool:
    is_asserted = statement.modality is Modality.ASSERTED
    return is_asserted and statement.predicate.value == IS_TOPIC and statement.rule == _LINK


def _titled(name: str) -> str:
    """The name of a page with the capital that it begins with (Help:Page_name of MediaWiki)."""
    return name[:1].upper() + name[1:]
