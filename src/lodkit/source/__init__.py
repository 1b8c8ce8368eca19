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
from .positions import Run, SourceMap
from .reading import FORMS, WIKITEXT_SUFFIXES, parse_article, read_article

__all__ = [
    "FORMS",
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
    "Remark",
    "Run",
    "Section",
    "SourceMap",
    "Template",
    "Value",
    "Words",
    "parse_article",
    "read_article",
]
