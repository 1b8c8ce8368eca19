"""``lodkit explain``: a sentence as the rules see it, what a fact rests on, and why there is none."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from ..build import article_files, build_pages
from ..domain import Domain, fold, local_name, read_domain
from ..errors import InputError, UsageError
from ..explain import Explained, find_property, read_file_watched, read_watched, why_absent
from ..query import Table, find_query, labels, light_domain, ontology, run
from ..source import parse_article
from ..statement import Modality, Span, Statement
from ..store import Store
from .asked import Asking, asked
from .inputs import has_rdf, is_rdf, is_store_folder
from .terminal import put, put_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..explain import Cause, Miss, SentenceView, Spoken
    from ..source import Article
    from .connection import Connection

_LINE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+)")
_SENTENCE_ENDS = ".!?"
_NAME = re.compile(r"(?:[^\W\d_a-z][\w'’.&-]*\s?)+")

_UNNAMED = "Article"
"""The title of the article that a sentence stands in which names nothing."""

MISSES = 8
"""How many rules that came near are told of a sentence; with -v all are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be explained with what: the data or articles, the title and class of a lone sentence's
    article, and whether as JSON.
    """

    on: tuple[str, ...]
    title: str | None
    subject_class: str | None
    folder: Path | None
    connection: Connection
    as_json: bool
    with_all: bool


def explain(what: Sequence[str], question: Asked, *, absent: bool) -> int:
    """Explain a sentence, a line of an article, a thing, a fact, or with ``absent`` why there is none.

    Raises:
        UsageError: what is asked is none of these.
        InputError: an article or data cannot be read.
        QueryError: a name names nothing, or several things.
    """
    if absent:
        return _explain_absence(what, question)
    if len(what) == 1:
        line = _LINE.fullmatch(what[0])
        if line is not None and Path(line["file"]).is_file():
            return _explain_line(line["file"], int(line["line"]), question)
        if what[0].rstrip().endswith(tuple(_SENTENCE_ENDS)):
            return _explain_sentence(what[0].strip(), question)
    if len(what) in (1, 3):
        return _explain_fact(what, question)
    raise UsageError(
        "explain takes a sentence, a thing, or subject, predicate and object",
        hint='write lodkit explain "Blue Lantern" founder "Ada Lund" --on FILE',
    )


# ---- sentences ----


def _explain_sentence(sentence: str, question: Asked) -> int:
    domain = read_domain(question.folder)
    title = question.title or _title(sentence, domain)
    text = f"= {title} =\n\n{sentence}\n"
    article = parse_article(text, abbreviations=domain.english.words("abbreviation"))
    subject_class = _class(domain, question.subject_class)
    explained = read_watched(article, domain, subject_class=subject_class)
    return _print_sentences(explained, explained.sentences, domain, question)


def _title(sentence: str, domain: Domain) -> str:
    """The name that a sentence begins with, unless it is a pronoun or a determiner."""
    named = _NAME.match(sentence)
    name = named[0].strip() if named else ""
    closed = domain.english.words("pronoun-subject") | domain.english.words("determiner")
    return name if name and name.lower() not in closed else _UNNAMED


def _class(domain: Domain, name: str | None) -> str | None:
    """Return the class of a name, by CURIE, IRI, local name or label.

    Raises:
        UsageError: there is none.
    """
    if name is None or domain.expand(name) in domain.classes:
        return domain.expand(name) if name else None
    wanted = fold(name)
    for iri, cls in domain.classes.items():
        if wanted in (fold(cls.label), fold(local_name(iri))):
            return iri
    raise UsageError(f"no class is called {name!r}", hint="lodkit query classes lists those that are used")


def _explain_line(file: str, line: int, question: Asked) -> int:
    domain = read_domain(question.folder)
    explained = read_file_watched(
        file,
        domain,
        subject_class=_class(domain, question.subject_class),
        wanted=lambda article, span: _covers(article, span, line),
    )
    article = explained.extraction.article
    if not explained.sentences:
        said = [row for row in explained.extraction.rows if _covers(article, row.span, line)]
        if not said:
            raise InputError(
                "no sentence and no row stands in this line", file=file, line=line, hint="lines are from 1"
            )
        for row in said:
            why = f" ({row.reason})" if row.reason else ""
            put(f"{file}:{line}: the row {row.key.of(article.text)!r} is {row.outcome}{why}\n")
        return 0
    return _print_sentences(explained, explained.sentences, domain, question)


def _covers(article: Article, span: Span, line: int) -> bool:
    last = max(span.start, span.end - 1)
    return article.position(span.start)[0] <= line <= article.position(last)[0]


def _print_sentences(
    explained: Explained, views: Sequence[SentenceView], domain: Domain, question: Asked
) -> int:
    if question.as_json:
        put_json([_sentence_json(explained, view, domain) for view in views])
        return 0
    for view in views:
        put("".join(_sentence_lines(explained, view, domain, question)))
    return 0


def _sentence_lines(
    explained: Explained, view: SentenceView, domain: Domain, question: Asked
) -> Iterator[str]:
    text = explained.extraction.article.text
    yield f"{view.span.of(text)}\n\n"
    yield f"  subject       {view.subject or 'none'}\n"
    yield f"  noun phrases  {' · '.join(view.phrases) or 'none'}\n"
    yield from (_spoken_line(one, domain) for one in view.spoken)
    if view.cues:
        yield f"  cues          {' · '.join(view.cues)}\n"
    if view.strange:
        yield f"  in no rule    {' · '.join(view.strange)}\n"
    said = explained.statements_in(view.span)
    yield "\n  read\n" if said else "\n  nothing was read\n"
    yield from (_statement_lines(statement, domain) for statement in said)
    yield from _miss_lines(view, domain, text, question)


def _spoken_line(one: Spoken, domain: Domain) -> str:
    """What a sentence speaks of, and why it has its classes."""
    why = ", ".join(
        f"{domain.compact(cls)} by {_rule(domain, rule)}, {basis}" for cls, rule, basis in one.classes
    )
    label = f" = {one.label}" if one.label not in (None, one.words) else ""
    return f"  {one.kind:<12}  {one.words}{label}: {why or 'of no class'}\n"


def _statement_lines(one: Statement, domain: Domain) -> str:
    triple = " ".join(_shown(domain, term) for term in one.triple)
    modality = "" if one.modality is Modality.ASSERTED else f" ({one.modality})"
    return f"    {triple}{modality}\n      by {_rule(domain, one.rule.value)}\n"


def _miss_lines(view: SentenceView, domain: Domain, text: str, question: Asked) -> Iterator[str]:
    shown = view.misses if question.with_all else view.misses[:MISSES]
    if shown:
        yield "\n  came near\n"
    for miss in shown:
        yield f"    {_rule(domain, miss.rule)} at {miss.span.of(text)!r}: {miss.reason}\n"
    left = len(view.misses) - len(shown)
    if left:
        yield f"    and {left} more (-v)\n"


def _rule(domain: Domain, iri: str) -> str:
    """A rule with its file and line, where it stands in the domain's files."""
    file, line = domain.graph.place(iri)
    return f"{domain.compact(iri)} ({file}:{line})" if file else domain.compact(iri)


def _shown(domain: Domain, term: NamedNode | Literal) -> str:
    return domain.compact(term.value) if isinstance(term, NamedNode) else str(term)


def _sentence_json(explained: Explained, view: SentenceView, domain: Domain) -> dict[str, object]:
    text = explained.extraction.article.text
    return {
        "sentence": view.span.of(text),
        "tokens": list(view.tokens),
        "subject": view.subject,
        "nounPhrases": list(view.phrases),
        "spoken": [asdict(one) for one in view.spoken],
        "cues": list(view.cues),
        "inNoRule": list(view.strange),
        "statements": [
            {
                "subject": one.subject.value,
                "predicate": one.predicate.value,
                "object": one.object.value,
                "modality": str(one.modality),
                "rule": one.rule.value,
                "ruleAt": _rule_at(domain, one.rule.value),
                "quote": one.span.of(text),
            }
            for one in explained.statements_in(view.span)
        ],
        "misses": [_miss_json(miss, domain, text) for miss in view.misses],
    }


def _rule_at(domain: Domain, iri: str) -> str | None:
    file, line = domain.graph.place(iri)
    return f"{file}:{line}" if file else None


def _miss_json(miss: Miss, domain: Domain, text: str) -> dict[str, object]:
    return {
        "rule": miss.rule,
        "ruleAt": _rule_at(domain, miss.rule),
        "word": miss.span.of(text),
        "stoppedAt": miss.at.of(text),
        "reason": miss.reason,
    }


# ---- facts ----


def _explain_fact(what: Sequence[str], question: Asked) -> int:
    """Print the statements about a thing, or of one fact, from what ``on`` says."""
    domain = read_domain(question.folder)
    table = _evidence(what[0], domain, question)
    rows = [row for row in table if _is_asked(row, what, domain)]
    if question.as_json:
        put_json([{**row, "ruleAt": _rule_at(domain, str(row["rule"]))} for row in rows])
        return 0
    if not rows:
        raise InputError(
            f"nothing says {' '.join(what)}",
            hint="lodkit explain --not ENTITY PROPERTY --on ARTICLE says why",
        )
    put("".join(_fact_lines(rows, domain)))
    return 0


def _evidence(thing: str, domain: Domain, question: Asked) -> Table:
    """Ask what is said of a thing, of articles, or of data."""
    light = light_domain(question.folder)
    query = find_query(light, "evidence")
    asking = Asking(query, is_ours=question.folder is None, with_ontology=True)
    is_read = bool(question.on) and not any(map(_holds_data, question.on))
    source = (
        _read_articles(question.on, domain)
        if is_read
        else asked(question.on, light, question.connection, asking)
    )
    with source as store:
        solutions = run(query, store, {"entity": thing}, domain=light)
        return Table(solutions, labels(solutions, store), domain.prefixes)


@contextmanager
def _read_articles(files: Sequence[str], domain: Domain) -> Iterator[Store]:
    """A store with what articles say."""
    store = Store()
    store.add(ontology(domain))
    for file in (found for place in files for found in article_files(place)):
        for page in build_pages(file, domain):
            if isinstance(page, InputError):
                raise page
            store.add(page.quads())
    yield store


def _holds_data(place: str) -> bool:
    if "://" in place or is_store_folder(place):
        return True
    return has_rdf(place) if Path(place).is_dir() else is_rdf(place, None)


def _is_asked(row: Mapping[str, object], what: Sequence[str], domain: Domain) -> bool:
    if len(what) == 1:
        return True
    predicate, value = find_property(domain, what[1]), fold(what[2])
    names = {fold(str(row[key])) for key in ("object", "objectLabel") if row.get(key) is not None}
    return row["property"] == predicate and (value in names or domain.expand(what[2]) == row["object"])


def _fact_lines(rows: Sequence[Mapping[str, object]], domain: Domain) -> Iterator[str]:
    facts: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    for row in rows:
        key = tuple(row.get(f"{name}Label") or row[name] for name in ("subject", "property", "object"))
        facts.setdefault((*key, row["property"], row["subject"]), []).append(row)
    for (subject, _, value, path, _), said in facts.items():
        yield f"{subject} – {domain.compact(str(path))} – {value}\n"
        yield from (_quote_lines(row, domain) for row in said)
        yield from _shape_lines(domain, str(path))
        others = [key[2] for key in facts if key[3:] == (path, said[0]["subject"]) and key[2] != value]
        if others and _is_single(domain, str(path)):
            yield f"  otherwise: {' · '.join(map(str, others))}\n"


def _quote_lines(row: Mapping[str, object], domain: Domain) -> str:
    """The words of one reading, where they stand, and the rule that read them."""
    modality = local_name(str(row["modality"]))
    mark = "" if modality == "asserted" else f" ({modality})"
    quote = str(row["quote"]).replace("\n", " ")
    article = str(row.get("articleLabel") or row["article"])
    place = f"{article}, line {row['line']}, column {row['column']}"
    return f"  “{quote}”{mark}\n    {place}\n    by {_rule(domain, str(row['rule']))}\n"


def _shape_lines(domain: Domain, path: str) -> Iterator[str]:
    for prop in domain.property_shapes.values():
        if prop.path == path:
            yield f"  shape {_rule(domain, prop.iri)}\n"
            return


def _is_single(domain: Domain, path: str) -> bool:
    return any(prop.path == path and prop.max_count == 1 for prop in domain.property_shapes.values())


# ---- what is not there ----


def _explain_absence(what: Sequence[str], question: Asked) -> int:
    if len(what) != 2 or len(question.on) != 1:
        raise UsageError(
            "--not takes an entity, a property and one article",
            hint='write lodkit explain --not "Blue Lantern" founder --on Blue_Lantern.txt',
        )
    entity, name = what
    [place] = question.on
    if _holds_data(place):
        raise UsageError(
            "why there is no fact is told from the text of the article", file=place, hint="give --on ARTICLE"
        )
    domain = read_domain(question.folder)
    path = find_property(domain, name)
    explained = read_file_watched(place, domain, subject_class=_class(domain, question.subject_class))
    causes = why_absent(explained, domain, entity, path)
    if question.as_json:
        put_json([_cause_json(cause, explained, domain) for cause in causes])
    else:
        put("".join(_cause_lines(causes, explained, domain)))
    return 0


def _cause_lines(causes: Sequence[Cause], explained: Explained, domain: Domain) -> Iterator[str]:
    article = explained.extraction.article
    for number, cause in enumerate(causes, 1):
        yield f"{number}. {cause.words}\n"
        if cause.rule is not None:
            yield f"   rule {_rule(domain, cause.rule)}\n"
        if cause.span is not None:
            line, column = article.position(cause.span.start)
            yield f"   line {line}, column {column}: “{cause.span.of(article.text)}”\n"


def _cause_json(cause: Cause, explained: Explained, domain: Domain) -> dict[str, object]:
    article = explained.extraction.article
    line, column = article.position(cause.span.start) if cause.span else (None, None)
    return {
        "kind": cause.kind,
        "reason": cause.words,
        "rule": cause.rule,
        "ruleAt": _rule_at(domain, cause.rule) if cause.rule else None,
        "line": line,
        "column": column,
        "quote": cause.span.of(article.text) if cause.span else None,
    }
