"""The canned queries of a domain: each file's header and text, read and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import NamedNode

from ..domain import part_files, read_text
from ..errors import DomainError, InputError, LimitError, LodkitError, QueryError
from ..files import STANDARD, read_bytes
from ..limits import limits
from ..sparql import Token, bracket_fault, error_at, refuse_unsafe, significant, tokenize, undeclared_prefixes
from ..spelling import proposal
from .header import Node, parse_header
from .parameters import TYPES, Parameter, parameter_type, parse_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_KEYS = ("summary", "description", "topic", "tags", "params", "evidence", "hidden")
_PARAMETER_KEYS = ("type", "description", "required", "default", "class")
LONGEST = 2**20
"""How many characters the text of a query may have."""

_NAME = re.compile(r"[a-z][a-z0-9-]*")
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class QueryFolder(Protocol):
    """What is asked of a domain here: its folder, which holds ``queries/``, and its prefixes."""

    @property
    def folder(self) -> Traversable: ...
    @property
    def prefixes(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A SPARQL query with what its header says.

    ``evidence`` holds patterns of one or three parts, each ``?variable`` or an IRI: a row's statement, or its
    triples.
    ``hidden`` names columns that tables leave out. ``added`` counts the characters that `with_prefixes` put
    before the text.
    """

    name: str
    text: str
    form: str
    summary: str = ""
    description: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    evidence: tuple[tuple[str, ...], ...] = ()
    added: int = 0
    hidden: tuple[str, ...] = ()
    file: str | None = None


def catalogue(domain: QueryFolder) -> dict[str, CannedQuery]:
    """Read all canned queries of a domain, by name in sorted order.

    Raises:
        DomainError: a query is broken; names file, line and term.
    """
    return {name: read_canned(domain, name) for name in query_names(domain)}


def query_names(domain: QueryFolder) -> list[str]:
    """Return the names of a domain's canned queries, sorted.

    Raises:
        DomainError: the folder ``queries/`` cannot be read.
    """
    return [file.name[:-3] for _, file in part_files(domain.folder, "queries", ".rq")]


def read_canned(domain: QueryFolder, name: str) -> CannedQuery:
    """Read the canned query of a name, without its extension.

    Raises:
        DomainError: the query is broken; names file, line and term.
    """
    file = f"queries/{name}.rq"
    if not _NAME.fullmatch(name):
        raise DomainError("a query is named in a-z, 0-9 and -", file=file)
    try:
        text = read_text(domain.folder, domain.folder.joinpath("queries", f"{name}.rq"), file)
        query = parse_query(text, name=name, file=file)
    except (QueryError, LimitError) as error:
        raise as_domain_error(error) from error
    _check_canned(query)
    return query


def as_domain_error(error: LodkitError) -> DomainError:
    """Return the error of a query as one of the domain that it belongs to."""
    return DomainError(
        error.message,
        file=error.file,
        line=error.line,
        column=error.column,
        term=error.term,
        hint=error.hint,
    )


def find_query(domain: QueryFolder, name: str) -> CannedQuery:
    """Read one canned query by its name.

    Raises:
        QueryError: there is none of that name.
        DomainError: the query is broken.
    """
    names = query_names(domain)
    if not _NAME.fullmatch(name) or name not in names:
        hint = proposal(name, names, f"there are: {', '.join(names)}; a file ends in .rq or .sparql")
        raise QueryError("no such query", term=name, hint=hint)
    return read_canned(domain, name)


_FORMS_AND_PROLOGUE = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE")


def own_query(name: str) -> CannedQuery | None:
    """Return the query that a name stands for which is none of the catalogue: a file (``.rq``, ``.sparql``,
    or in some folder), ``-`` for standard input, or the text itself.

    Raises:
        InputError: the file cannot be read.
        QueryError, LimitError: as for `parse_query`.
    """
    if name == STANDARD or name.lower().endswith((".rq", ".sparql")):
        return read_query(name)
    is_text = "{" in name or name.split(maxsplit=1)[0].upper() in _FORMS_AND_PROLOGUE
    if is_text:
        return parse_query(name)
    return read_query(name) if "/" in name else None


def with_prefixes(query: CannedQuery, prefixes: Mapping[str, str]) -> CannedQuery:
    """Return a query in which the prefixes that it uses and does not declare are declared as they are known.

    Raises:
        QueryError: one of them is not known; names line and column.
    """
    used: dict[str, Token] = {}
    for token in undeclared_prefixes(significant(query.text), {}):
        used.setdefault(token.text.partition(":")[0], token)
    for prefix, token in used.items():
        if prefix not in prefixes:
            hint = proposal(prefix, tuple(prefixes), f"write PREFIX {prefix}: <…> before the query")
            message = f"prefix {prefix}: is not declared"
            raise error_at(message, query.text, token.start, query.file, hint=hint)
    prologue = "".join(f"PREFIX {prefix}: <{prefixes[prefix]}> " for prefix in sorted(used))
    return replace(query, text=prologue + query.text, added=len(prologue))


def read_query(path: Path | str) -> CannedQuery:
    """Read a query of the user's own from a file, with or without a header.

    Raises:
        InputError: the file cannot be read.
        QueryError, LimitError: as for `parse_query`.
    """
    try:
        text = read_bytes(path, most=limits().small).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", file=str(path)) from error
    return parse_query(text, name=Path(path).stem, file=str(path))


def parse_query(text: str, *, name: str = "query", file: str | None = None) -> CannedQuery:
    """Parse and check the text of a query.

    Raises:
        QueryError: its header is wrong, or it would leave the data that it is asked on.
        LimitError: it is too long, or its brackets stand too deep in each other.
    """
    if len(text) > LONGEST:
        raise LimitError(f"{len(text)} characters, and a query has at most {LONGEST}", file=file)
    refuse_unsafe(text, file=file)
    header = parse_header(text, file)
    tokens = [token for token in tokenize(text, file) if token.kind not in ("space", "comment")]
    form = _form(tokens, file)
    if fault := bracket_fault(tokens):
        message, token = fault
        raise error_at(message, text, token.start, file)
    entries = _entries(header, _KEYS, file) if header else {}
    parameters = tuple(_parameters(entries.get("params"), file))
    _check_variables(tokens, entries.get("params"), text, file)
    return CannedQuery(
        name=name,
        text=text,
        form=form,
        parameters=parameters,
        evidence=tuple(_evidence(entries.get("evidence"), tokens, file)),
        file=file,
        tags=_words(entries.get("tags"), file),
        hidden=_words(entries.get("hidden"), file),
        added=0,
        **{key: _text(entries[key], file) for key in ("summary", "description", "topic") if key in entries},
    )


def _check_canned(query: CannedQuery) -> None:
    for key in ("summary", "description", "topic", "tags"):
        if not getattr(query, key):
            raise DomainError("the header lacks this key", file=query.file, line=1, term=key)
    if query.form != "SELECT":
        raise DomainError("a canned query is a SELECT", file=query.file, line=1, term=query.form)


def _form(tokens: list[Token], file: str | None) -> str:
    words = (token.text.upper() for token in tokens if token.kind == "word")
    form = next((word for word in words if word in _FORMS), None)
    if form is None:
        raise QueryError("no SELECT, ASK, CONSTRUCT or DESCRIBE", file=file, line=1, column=1)
    return form


def _entries(node: Node | None, known: tuple[str, ...], file: str | None) -> dict[str, Node]:
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        raise QueryError("not of the form 'key: value'", file=file, line=node.line, column=node.column)
    for key, value in node.value.items():
        if known and key not in known:
            raise QueryError(
                "unknown key", file=file, line=value.line, term=key, hint=f"known: {', '.join(known)}"
            )
    return node.value


def _items(node: Node | None, file: str | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    if not isinstance(node.value, tuple):
        raise QueryError("not a list", file=file, line=node.line, column=node.column)
    return node.value


def _words(node: Node | None, file: str | None) -> tuple[str, ...]:
    return tuple(_text(item, file) for item in _items(node, file))


def _text(node: Node, file: str | None) -> str:
    if not isinstance(node.value, str):
        raise QueryError("not a text", file=file, line=node.line, column=node.column)
    return node.value


def _parameters(node: Node | None, file: str | None) -> Iterator[Parameter]:
    for name, body in _entries(node, (), file).items():
        values = {key: _text(value, file) for key, value in _entries(body, _PARAMETER_KEYS, file).items()}
        _check_parameter(name, values, body, file)
        yield Parameter(
            name=name,
            type=values["type"],
            description=values["description"],
            required=values.get("required") == "true",
            default=values.get("default"),
            class_iri=values.get("class"),
        )


def _check_parameter(name: str, values: Mapping[str, str], node: Node, file: str | None) -> None:
    def fail(message: str, hint: str | None = None) -> QueryError:
        return QueryError(message, file=file, line=node.line, column=node.column, term=name, hint=hint)

    for key in ("type", "description"):
        if key not in values:
            raise fail(f"the parameter lacks {key!r}")
    if parameter_type(values["type"]) is None:
        known = f"known: {', '.join(TYPES)}, and those of XML Schema such as xsd:gYear"
        raise fail(f"unknown type {values['type']!r}", known)
    if values.get("required", "false") not in ("true", "false"):
        raise fail("'required' is true or false")
    if values.get("required") == "true" and "default" in values:
        raise fail("a required parameter has no default")
    if "default" in values and values["type"] != "iri":
        try:
            parse_value(values["type"], values["default"])
        except ValueError as error:
            raise fail(f"default {values['default']!r}: {error}") from error


def _check_variables(tokens: list[Token], params: Node | None, text: str, file: str | None) -> None:
    declared = _entries(params, (), file)
    used = set()
    for token in tokens:
        if token.kind == "variable" and token.text[0] == "$":
            if token.text[1:] not in declared:
                hint = f"write ?{token.text[1:]} for a variable, or declare it under params: in the header"
                raise error_at(
                    "parameter is not declared in the header",
                    text,
                    token.start,
                    file,
                    term=token.text,
                    hint=hint,
                )
            used.add(token.text[1:])
        elif token.kind == "variable" and token.text[1:] in declared:
            raise error_at(
                "this variable is a parameter",
                text,
                token.start,
                file,
                term=token.text,
                hint=f"write ${token.text[1:]}",
            )
    for name, node in declared.items():
        if name not in used:
            raise QueryError(
                "parameter is declared and not used",
                file=file,
                line=node.line,
                column=node.column,
                term=f"${name}",
            )


def _evidence(node: Node | None, tokens: list[Token], file: str | None) -> Iterator[tuple[str, ...]]:
    names = dict(_prefixes(tokens))
    variables = {token.text[1:] for token in tokens if token.kind == "variable"}
    for item in _items(node, file):
        parts = tuple(_part(word, names, variables) for word in _text(item, file).split())
        if len(parts) not in (1, 3) or None in parts:
            hint = (
                "write '?statement' or '?subject prefix:property ?object', of variables and prefixes of the"
                " query"
            )
            raise QueryError(
                "not a pattern",
                file=file,
                line=item.line,
                column=item.column,
                term=_text(item, file),
                hint=hint,
            )
        yield tuple(part for part in parts if part)


def _part(word: str, names: Mapping[str, str], variables: set[str]) -> str | None:
    prefix, colon, local = word.partition(":")
    if word == "a":
        return RDF_TYPE
    if word.startswith("?"):
        return word if word[1:] in variables else None
    if word.startswith("<") and word.endswith(">"):
        return _iri(word[1:-1])
    return _iri(names[prefix] + local) if colon and prefix in names else None


def _iri(text: str) -> str | None:
    try:
        return NamedNode(text).value
    except ValueError:
        return None


def _prefixes(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if word.text.upper() == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            yield name.text[:-1], iri.text[1:-1]
