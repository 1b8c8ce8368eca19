"""Pages of a MediaWiki export (https://www.mediawiki.org/wiki/Help:Export), one at a time, whatever its
length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from ..errors import InputError
from ..limits import limits, size_text
from .embedded import Collector, Page

if TYPE_CHECKING:
    from typing import BinaryIO

_PIECE = 2**16
_DEEPEST = 40
_HEAD = ("title", "ns", "id", "model", "format", "timestamp")
_WIKITEXT = ("", "wikitext")


class ExportReader:
    """Reads the pages of an export; ``passed`` counts what is passed over, by its kind, ``redirects`` are
    those met, from title to title.
    """

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self.passed: Counter[str] = Counter()
        self.redirects: dict[str, str] = {}
        self._stream, self._file = stream, file
        self._pages: list[Page | InputError] = []
        self._path: list[str] = []
        self._fields: dict[str, str] = {}
        self._site: dict[str, str] = {}
        self._ids: set[str] = set()
        self._words: list[str] | None = None
        self._text: Collector | None = None
        self._parser = self._made()

    def _made(self) -> Any:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        return parser

    def pages(self) -> Iterator[Page | InputError]:
        """Yield each page of the main namespace, or why there is none.

        Raises:
            InputError: the file is no XML, or ends in the middle; with line and column.
        """
        try:
            while True:
                piece = self._stream.read(_PIECE)
                self._parser.Parse(piece, not piece)
                yield from self._pages
                self._pages.clear()
                if not piece:
                    return
        except expat.ExpatError as error:
            yield from self._pages
            raise self._error(error) from error

    def _error(self, error: expat.ExpatError) -> InputError:
        line, column = error.lineno, error.offset + 1
        if not self._path or error.code not in _CUT_SHORT:
            said = expat.ErrorString(error.code)
            message = f"no export: it is not well-formed XML: {said}"
            return InputError(message, file=self._file, line=line, column=column, hint="export it anew")
        title = self._fields.get("title")
        at = f" in the middle of the page {title!r}" if title else ""
        message = f"ends{at}: the export was cut"
        return InputError(message, file=self._file, line=line, column=column, hint="fetch the file again")

    def _refuse_doctype(self, *_: object) -> None:
        raise InputError(
            "has a DOCTYPE, which no export has",
            file=self._file,
            line=self._parser.CurrentLineNumber,
            hint="take it out",
        )

    # ---- elements

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not self._path and local != "mediawiki":
            raise InputError(
                f"is XML whose root is <{local}>, and no MediaWiki export",
                file=self._file,
                line=self._parser.CurrentLineNumber,
                hint="an export begins with <mediawiki>",
            )
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise InputError("is nested too deeply", file=self._file, line=self._parser.CurrentLineNumber)
        if local == "mediawiki":
            self._site["language"] = attributes.get("http://www.w3.org/XML/1998/namespace lang", "")
        elif local == "page":
            self._fields = {"line": str(self._parser.CurrentLineNumber)}
            self._text = None
        elif local == "revision":  # of several, the last one counts
            self._text = None
        elif local == "redirect":
            self._fields["redirect"] = attributes.get("title", "")
        elif local == "text":
            self._text = Collector()
            self._fields["deleted"] = attributes.get("deleted", "")
        elif local in _HEAD or local in ("base", "sitename"):
            self._words = []

    def _characters(self, words: str) -> None:
        if self._text is not None and self._path[-1] == "text":
            if self._text.length <= limits().article:
                self._text.add(words, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)
        elif self._words is not None:
            self._words.append(words)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        inside = self._path[-2] if len(self._path) > 1 else ""
        self._path.pop()
        if self._words is not None:
            words = "".join(self._words).strip()
            self._words = None
            if inside == "siteinfo":
                self._site[local] = words
            elif inside in ("page", "revision"):  # a contributor has an id as well
                self._fields[f"revision {local}" if inside == "revision" else local] = words
        if local == "page":
            self._end_page()

    # ---- pages

    def _end_page(self) -> None:
        fields, text = self._fields, self._text
        self._fields, self._text = {}, None
        title = " ".join(fields.get("title", "").split())
        number = int(fields["line"])
        if fields.get("ns", "0") != "0":
            self.passed["page of another namespace"] += 1
        elif fields.get("redirect"):
            self.redirects[title] = fields["redirect"]
            self.passed["redirect"] += 1
        elif fields.get("revision model", "") not in _WIKITEXT:
            self.passed[f"page of {fields['revision model']}"] += 1
        elif not title:
            self._pages.append(self._bad("a page without a title", number))
        elif text is None or fields.get("deleted") or not text.length:
            self.passed["page without a text"] += 1
        elif text.length > limits().article:
            message = f"the page {title!r} is longer than {size_text(limits().article)}"
            self._pages.append(self._bad(message, number, hint="--limit-input SIZE takes more"))
        elif fields.get("id", title) in self._ids:
            self._pages.append(self._bad(f"the page {title!r} has an id that one before it has", number))
        else:
            self._ids.add(fields.get("id", title))
            self._pages.append(Page(title, text.text, text.anchors, meta=self._meta(title, fields)))

    def _bad(self, message: str, line: int, hint: str | None = None) -> InputError:
        return InputError(message, file=self._file, line=line, hint=hint)

    def _meta(self, title: str, fields: dict[str, str]) -> dict[str, str]:
        found = {"revision": fields.get("revision id", ""), "language": self._site.get("language", "")}
        base = self._site.get("base", "")
        folder = base.rpartition("/")[0]
        if folder.startswith(("http://", "https://")):
            found["url"] = f"{folder}/{_address(title)}"
        return {key: value for key, value in found.items() if value}


_CUT_SHORT = (
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
)
"""What expat says of a document that ends too early."""


def _address(title: str) -> str:
    """The last step of a page's address (https://www.mediawiki.org/wiki/Manual:Page_title)."""
    from urllib.parse import quote

    return quote(title.replace(" ", "_"), safe="/:,;@$!*()'~-._")


def read_redirects(stream: BinaryIO) -> dict[str, str]:
    """Return the redirects of an export, from title to title, without a look at the texts; what is wrong with
    the file is told when its pages are read.
    """
    redirects: dict[str, str] = {}
    words: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "title":
            words.clear()
            parser.CharacterDataHandler = words.append
        elif local == "redirect" and attributes.get("title"):
            redirects[" ".join("".join(words).split())] = attributes["title"]

    def end(name: str) -> None:
        if name.rpartition(" ")[2] == "title":
            parser.CharacterDataHandler = None

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
    except (expat.ExpatError, InputError):
        return redirects
    return redirects
