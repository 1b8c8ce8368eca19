"""Pages in the answers of wikis: of the action API (``query`` with revisions, ``parse``), of the REST API,
and of Wikimedia Enterprise (https://www.mediawiki.org/wiki/API:Main_page, …/wiki/API:REST_API,
https://enterprise.wikimedia.com/docs/data-dictionary/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from json.scanner import py_make_scanner  # type: ignore[attr-defined] # it is not in typeshed
from typing import Any

from ..errors import InputError
from .embedded import Collector, Page
from .positions import LINE_END, Anchor

_PIECES = re.compile(r'[^\\"]+|\\(?:u[0-9a-fA-F]{4}|.)')
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


class Located(str):
    """A string of JSON that knows where in the file it stands: the offset after its opening quote."""

    __slots__ = ("begin",)
    begin: int


def read_json(text: str, file: str | None) -> list[Any]:
    """Parse JSON, or lines of JSON, whose strings are `Located`.

    Raises:
        InputError: it is neither; names line and column.
    """
    decoder = json.JSONDecoder()
    plain = decoder.parse_string  # type: ignore[attr-defined]

    def parse_string(source: str, at: int, strict: bool) -> tuple[Located, int]:
        words, end = plain(source, at, strict)
        located = Located(words)
        located.begin = at
        return located, end

    decoder.parse_string = parse_string  # type: ignore[attr-defined]
    decoder.scan_once = py_make_scanner(decoder)  # type: ignore[attr-defined]
    found: list[Any] = []
    at = _after_blanks(text, int(text[:1] == "\ufeff"))
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            message = f"is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
            raise InputError(message, file=file, line=error.lineno, column=error.colno) from error
        found.append(value)
        at = _after_blanks(text, at)
    return found


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def pages_of_json(text: str, file: str | None) -> Iterator[Page | InputError]:
    """Yield the pages of an answer, in its order, or why one has none.

    Raises:
        InputError: it is no JSON, or that of something else.
    """
    documents = read_json(text, file)
    if len(documents) == 1 and isinstance(documents[0], list):
        documents = documents[0]
    found = False
    for document in documents:
        kind = next((kind for kind, key in _KINDS.items() if _has(document, key)), None)
        if kind is None:
            if not found:
                raise InputError(_what_else(document), file=file, line=1, hint=_HINT)
            continue
        for page in _READERS[kind](document):
            found = True
            yield _located(page, text, file)
    if not found:
        raise InputError("is JSON with no page in it", file=file, line=1, hint=_HINT)


_HINT = "save the answer of action=query&prop=revisions, action=parse, the REST API, or Enterprise"

_KINDS = {"query": ("query", "pages"), "parse": ("parse",), "body": ("article_body",), "rest": ("title",)}


def _has(document: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(document, dict) or key not in document:
            return False
        document = document[key]
    return True


def _what_else(document: Any) -> str:
    if isinstance(document, dict) and "error" in document:
        told = document["error"]
        words = told.get("info", told.get("code", "")) if isinstance(told, dict) else told
        return f"is the error of a wiki: {words}"
    if isinstance(document, dict) and document.keys() & {"@context", "@graph", "@id"}:
        return "is JSON-LD, and no article: lodkit validate reads it"
    if isinstance(document, dict) and "entities" in document:
        return "is data of Wikidata, and no article"
    keys = ", ".join(sorted(map(str, document))[:5]) if isinstance(document, dict) else ""
    return f"is JSON of something else{f' (it has {keys})' if keys else ''}, and no page of a wiki"


Found = tuple[str, Any, str, Mapping[str, Any]]
"""Title, text, form, and what else is known of a page."""


def _query(document: Any) -> Iterator[Found]:
    pages = document["query"]["pages"]
    for page in pages.values() if isinstance(pages, dict) else pages:
        revisions = page.get("revisions") or [{}]
        latest = revisions[0]
        holder = latest.get("slots", {}).get("main", latest)
        text = holder.get("content", holder.get("*"))
        meta = {"revision": latest.get("revid"), "url": page.get("canonicalurl") or page.get("fullurl")}
        yield page.get("title", ""), text, "wikitext", {**meta, "language": page.get("pagelanguage")}


def _parse(document: Any) -> Iterator[Found]:
    page = document["parse"]
    source, shown = (_inner(page.get(key)) for key in ("wikitext", "text"))
    form = "wikitext" if source is not None else "html"
    yield (
        page.get("title", ""),
        source if source is not None else shown,
        form,
        {"revision": page.get("revid")},
    )


def _inner(value: Any) -> Any:
    """The text of what format version 1 wraps: ``{"*": text}``."""
    return value.get("*") if isinstance(value, dict) else value


def _rest(document: Any) -> Iterator[Found]:
    source, shown = document.get("source"), document.get("html")
    licence = document.get("license")
    latest = document.get("latest")
    meta = {
        "revision": latest.get("id") if isinstance(latest, dict) else None,
        "licence": licence.get("url") if isinstance(licence, dict) else None,
    }
    form = "wikitext" if source is not None else "html"
    yield document["title"], source if source is not None else shown, form, meta


def _body(document: Any) -> Iterator[Found]:
    body, version = document["article_body"], document.get("version") or {}
    licences = document.get("license") or [{}]
    language = document.get("in_language") or {}
    meta = {
        "revision": version.get("identifier"),
        "licence": licences[0].get("url"),
        "url": document.get("url"),
        "language": language.get("identifier"),
    }
    source = body.get("wikitext")
    form = "wikitext" if source is not None else "html"
    yield document.get("name", ""), source if source is not None else body.get("html"), form, meta


_READERS = {"query": _query, "parse": _parse, "rest": _rest, "body": _body}


def _located(found: Found, text: str, file: str | None) -> Page | InputError:
    title, words, form, meta = found
    title = " ".join(str(title).split())
    if not isinstance(words, Located) or not words:
        hint = "ask for rvprop=content, or for prop=wikitext"
        return InputError(f"the page {title!r} has no text", file=file, line=1, hint=hint)
    known = {key: str(value) for key, value in meta.items() if isinstance(value, str | int) and value}
    return Page(title, str(words), _anchors(text, words.begin), form, meta=known)


def _anchors(text: str, begin: int) -> tuple[Anchor, ...]:
    """Where the characters of a string stand, whose literal begins at an offset of the text."""
    ends = [match.end() for match in LINE_END.finditer(text, 0, begin)]
    line, first = len(ends) + 1, (ends[-1] if ends else 0)
    collector = Collector()
    at = begin
    while at < len(text) and text[at] != '"':
        match = _SURROGATES.match(text, at) or _PIECES.match(text, at)
        if match is None:
            break
        piece = match.group()
        words = json.loads(f'"{piece}"') if piece[0] == "\\" else piece
        collector.add(words, line, at - first + 1)
        at = match.end()
    return collector.anchors
