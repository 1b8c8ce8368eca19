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
from .pages import Reading, may_hold_pages, read_article, read_articles
from .positions import Run, SourceMap
from .reading import FORMS, SUFFIXES, WIKITEXT_SUFFIXES, parse_article

__all__ = [
    "FORMS",
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
    "parse_article",
    "read_article",
    "read_articles",
]
