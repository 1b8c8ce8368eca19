"""What texts are made of: XML's characters and names, and the content that RDF's own datatypes ask for."""

from __future__ import annotations

import re

CHARACTER = r"[\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]"  # XML 1.0, production 2
IN_LINE = r"[\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]"
NO_BLANK = r"[\x21-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]"
TOKEN = rf"(?:{NO_BLANK}++(?: {NO_BLANK}++)*+)?"

_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)  # XML 1.0, production 4, without the colon
_FURTHER = _START + r"\-.0-9\u00B7\u0300-\u036F\u203F\u2040"  # production 4a
NAME = f"[:{_START}][:{_FURTHER}]*+"
NO_COLON_NAME = f"[{_START}][{_FURTHER}]*+"
NAME_TOKEN = f"[:{_FURTHER}]++"

_TOKEN_OF_JSON = (  # compiled where a text is said to be JSON: it takes 1 ms
    r"[ \t\n\r]*+(?:(?P<text>\"(?:[^\"\\\x00-\x1f]|\\(?:[\"\\/bfnrt]|u[0-9A-Fa-f]{4}))*+\")"
    r"|(?P<plain>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+|true|false|null)"
    r"|(?P<mark>[\[\]{},:]))"
)
_VALUES = {"text": "after", "plain": "after", "[": "first item", "{": "first key"}
_NEXT: dict[str, dict[str, str]] = {
    "value": _VALUES,
    "first item": {**_VALUES, "]": "after"},
    "first key": {"text": "colon", "}": "after"},
    "key": {"text": "colon"},
    "colon": {":": "value"},
    "after": {",": "next", "]": "after", "}": "after"},
}
"""What may come after what in JSON (RFC 8259 §2)."""

_CLOSING = {"[": "]", "{": "}"}


def json_fault(text: str) -> str:
    """Say where a text ceases to be JSON (RFC 8259); nothing where it is.

    >>> json_fault('{"a": [1, null]}'), json_fault("[NaN]")
    ('', 'not JSON from character 2 on')
    """
    open_: list[str] = []
    state, at = "value", 0
    token = re.compile(_TOKEN_OF_JSON)
    while found := token.match(text, at):
        kind = found["mark"] or str(found.lastgroup)
        following = _NEXT[state].get(kind)
        if following is None or (kind in "]}," and not open_) or (kind in "]}" and open_.pop() != kind):
            break
        if kind in _CLOSING:
            open_.append(_CLOSING[kind])
        state = following if following != "next" else "key" if open_[-1] == "}" else "value"
        at = found.end()
    is_whole = state == "after" and not open_ and not text[at:].strip(" \t\n\r")
    return "" if is_whole else f"not JSON from character {at + 1} on"


def xml_fault(text: str) -> str:
    """Say why a text is not the balanced content of an XML element (RDF 1.1 Concepts §5.2); nothing where it
    is.
    """
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(f"<r>{text}</r>", True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        return f"not balanced XML: {error}"
    return ""
