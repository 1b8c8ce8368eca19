"""What people have, read as an `Article`: its text, what stands where in it, and the way back to the file."""

from .article import (
    Article,
    Aside,
    Block,
    Citation,
    Coordinates,
    Image,
    Origin,
    Remark,
    Section,
    Template,
)
from .cells import Cell, Item, Link, Note, Part, Qualifier, Value, Words
from .pages import NO_PAGE, Reading, may_hold_pages, only_one, read_article, read_articles
from .positions import Run, SourceMap
from .reading import FORMS, SUFFIXES, WIKITEXT_SUFFIXES, parse_article

__all__ = [
    "FORMS",
    "NO_PAGE",
    "SUFFIXES",
    "WIKITEXT_SUFFIXES",
    "Article",
    "Aside",
    "Block",
    "Cell",
    "Citation",
    "Coordinates",
    "Image",
    "Item",
    "Link",
    "Note",
    "Origin",
    "Part",
    "Qualifier",
    "Reading",
    "Remark",
    "Run",
    "Section",
    "SourceMap",
    "Template",
    "Value",
    "Words",
    "may_hold_pages",
    "only_one",
    "parse_article",
    "read_article",
    "read_articles",
]
