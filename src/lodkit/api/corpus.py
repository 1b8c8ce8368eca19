"""What articles say: tables to look at and ask, a report, RDF in files, stores and other libraries."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from ..build import Built, unread
from ..errors import InputError
from ..extras import package
from ..files import open_output
from ..load import datatypes_of, group_units, load_into_endpoint, load_into_folder, make_unit
from ..query import (
    LightDomain,
    Solutions,
    Table,
    absent_terms,
    find_query,
    ontology,
    own_query,
    plain,
    run,
    tabulated,
    with_prefixes,
)
from ..rdf import format_of, namespaces, to_rdflib, write
from ..sandbox import Session
from ..statement import BASE, name_statements
from ..store import Store, is_address
from ..validate import merged, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import networkx
    import rdflib
    from pyoxigraph import Quad

    from ..extract import Extraction
    from ..load import Loading
    from ..query import Queryable
    from ..query.solutions import Row
    from ..rdf import Source
    from ..statement import Statement
    from ..validate import Report
    from .domain import Domain

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_TRIPLE = ("subject", "predicate", "object")
_STATEMENT = (*_TRIPLE, "modality", "basis", "rule", "article", "line", "column", "quote", "statement")
_UNREAD = ("article", "line", "column", "kind", "words", "reason")


@dataclass(frozen=True, repr=False, eq=False)
class Corpus:
    """Articles and what they say, as a domain reads them; made by `Domain.read`.

    ``articles`` are in the order of their IRIs, each with its text (`Built.article`) and what was read in it
    (`Built.extraction`); ``base`` is the IRI that all IRIs made of them begin with. A corpus can be pickled.

    >>> from lodkit.api import SAMPLE, Domain
    >>> corpus = Domain().read(SAMPLE)
    >>> len(corpus), corpus.validate().conforms
    (1, True)
    >>> for row in corpus.query("founders", evidence=True):
    ...     print(row["founderLabel"], row["date"], row["evidenceQuote"].split(chr(10))[0])
    Ada Lund 1996 Founder: Ada Lund
    """

    domain: Domain
    articles: tuple[Built, ...]
    base: str = BASE

    def __len__(self) -> int:
        return len(self.articles)

    def __repr__(self) -> str:
        names = ", ".join(built.article.name for built in self.articles[:3])
        more = f" and {len(self) - 3} more" if len(self) > 3 else ""
        return f"<Corpus of {len(self)} article{'s' * (len(self) != 1)}: {names}{more}>"

    def __reduce__(self) -> tuple[Any, ...]:
        parts = [(built.name, built.extraction, built.source) for built in self.articles]
        return _again, (self.domain, parts, self.base)

    @cached_property
    def facts(self) -> Table:
        """What the articles assert: a row for each triple, once however often it is said, sorted.

        The columns are ``subject``, ``predicate`` and ``object``, each with its label beside it.

        >>> from lodkit.api import SAMPLE, Domain
        >>> facts = Domain().read(SAMPLE).facts
        >>> sorted({fact["objectLabel"] for fact in facts if fact["predicateLabel"] == "founder"})
        ['Ada Lund']
        """
        triples = {(quad.subject, quad.predicate, quad.object) for quad in self.quads(evidence=False)}
        return self._table(_TRIPLE, sorted(triples, key=lambda triple: tuple(map(str, triple))))

    @cached_property
    def statements(self) -> Table:
        """Every reading: a row for each triple that one rule read at one place, in the order of the text.

        ``modality`` tells facts (``asserted``) from what the text hedges, denies or attributes and what its
        shape refuses; ``basis`` is stated, inferred or background. ``line`` and ``column`` are where the
        words begin, both from 1, columns in code points; ``quote`` is the words, in an infobox with the key.

        >>> from lodkit.api import SAMPLE, Domain
        >>> {row["quote"] for row in Domain().read(SAMPLE).statements if row["modality"] == "hedged"}
        {'It may have been dissolved in 2003'}
        """
        return self._table(_STATEMENT, [row for built in self.articles for row in _statement_rows(built)])

    @cached_property
    def unread(self) -> Table:
        """What was not understood: a row for each infobox row, value, match or sentence that no fact came of.

        ``kind`` is one of ``row``, ``value``, ``match`` and ``sentence``, or ``rejected`` for a value that
        its shape refuses; ``reason`` says why. Line and column are as in `statements`.

        >>> from lodkit.api import Domain
        >>> corpus = Domain().read("= Blue Lantern =\\n\\nIt sings well.")
        >>> [(row["line"], row["kind"], row["words"]) for row in corpus.unread]
        [(3, 'sentence', 'It sings well.')]
        """
        rows: list[Row] = [
            (
                NamedNode(built.document),
                Literal(one.line),
                Literal(one.column),
                *map(Literal, (one.kind, one.words, one.reason)),
            )
            for built in self.articles
            for one in unread(built)
        ]
        return self._table(_UNREAD, rows)

    def quads(self, *, evidence: bool | str = True) -> Iterator[Quad]:
        """Yield the RDF of all articles as pyoxigraph's quads: for each article the graph of its facts, and
        of its evidence, which is full, ``"lean"`` (without what follows from the rest) or left out.

        >>> from lodkit.api import SAMPLE, Domain
        >>> corpus = Domain().read(SAMPLE)
        >>> len(list(corpus.quads(evidence="lean"))) < 0.6 * len(list(corpus.quads()))
        True

        Raises:
            UsageError: there is no such level of evidence.
        """
        for built in self.articles:
            yield from built.quads(evidence=evidence)

    def validate(self) -> Report:
        """Validate the facts against the domain's shapes, each article by itself, and return one report.

        Its ``conforms`` is the verdict, its ``results`` have line, column and quote (``places``).

        >>> from lodkit.api import SAMPLE, Domain
        >>> Domain().read(SAMPLE).validate().verdict
        'conforms'

        Raises:
            DomainError: a shape cannot be used.
            LimitError: the shapes take too much.
        """
        return merged([self._report(built) for built in self.articles])

    def query(
        self,
        query: str | Path,
        /,
        *,
        evidence: bool = False,
        with_ontology: bool = False,
        **parameters: object,
    ) -> Table:
        """Answer a query: the name of a canned one (`Domain.queries`), a file of SPARQL, or SPARQL itself.

        ``parameters`` are those of a canned query; one whose name is a word of Python, such as ``from``, is
        written ``from_``. ``evidence`` adds the quotes that each row of a canned query rests on. Canned
        queries see the ontology beside the data, others do ``with_ontology``. SPARQL that lodkit did not
        bring along runs in a process of its own, bounded in time and memory, without files and network.

        >>> from lodkit.api import SAMPLE, Domain
        >>> corpus = Domain().read(SAMPLE)
        >>> sorted({row["date"] for row in corpus.query("timeline", from_=1990, to=1999)})
        ['1996']
        >>> corpus.query("SELECT (COUNT(*) AS ?n) { ?what schema:founder ?who }")[0]
        {'n': 1}

        Raises:
            QueryError: there is no such query, it is no SPARQL, or a parameter is missing, unknown or of
                another type, or names nothing or several things.
            InputError: the file cannot be read.
            LimitError: the query takes too much.
        """
        folder = LightDomain(self.domain.rules.folder, namespaces(self.domain.rules, self.base))
        own = own_query(str(query))
        found = with_prefixes(own, folder.prefixes) if own else find_query(folder, str(query))
        values = {name.removesuffix("_"): str(value) for name, value in parameters.items()}
        with self._asked(
            is_ours=own is None and self.domain.rules.is_bundled, with_ontology=with_ontology or own is None
        ) as store:
            solutions = run(found, store, values, domain=folder, evidence=evidence)
            is_absent = own is not None and not solutions.rows
            notes = absent_terms(found.text, store, folder.prefixes) if is_absent else ()
            return tabulated(solutions, store, folder.prefixes, notes)

    def to_rdflib(self, *, evidence: bool | str = True) -> rdflib.Dataset:
        """Return the RDF as a data set of rdflib: two named graphs for each article, facts and evidence, as
        much of it as `quads` is told; the default graph is the union of all.

        >>> from lodkit.api import SAMPLE, Domain
        >>> dataset = Domain().read(SAMPLE).to_rdflib()
        >>> sorted(str(graph.identifier).partition("#")[2] for graph in dataset.graphs() if len(graph))[-2:]
        ['evidence', 'facts']
        """
        return to_rdflib(self.quads(evidence=evidence), prefixes=namespaces(self.domain.rules, self.base))

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Return the facts as a graph of networkx, all of whose attributes are texts.

        A node for each thing that is a subject, or an object and no class: its key is the IRI, ``label`` its
        label, ``type`` its classes; its literals are attributes by CURIE, of several the values with `` | ``
        between them. An edge for each fact between two nodes: its key is the predicate's IRI, ``label`` the
        predicate's label.

        Raises:
            UsageError: networkx is not installed (the extra ``networkx``).
        """
        graph: networkx.MultiDiGraph = package("networkx").MultiDiGraph()
        facts = self.facts
        compact = self.domain.rules.compact
        literals: dict[tuple[str, str], set[str]] = {}
        for subject, predicate, value in facts.solutions.rows:
            source, name = plain(subject), plain(predicate)
            graph.add_node(source, label=facts.labels.get(source, source))
            if isinstance(value, NamedNode) and name != _TYPE:
                graph.add_node(value.value, label=facts.labels.get(value.value, value.value))
                graph.add_edge(source, value.value, key=name, label=facts.labels.get(name, compact(name)))
            elif name != _LABEL:
                key = "type" if name == _TYPE else compact(name)
                text = compact(value.value) if isinstance(value, NamedNode) else plain(value)
                literals.setdefault((source, key), set()).add(text)
        for (node, key), texts in literals.items():
            graph.nodes[node][key] = " | ".join(sorted(texts))
        return graph

    def write(self, path: Path | str, *, evidence: bool | str | None = None) -> None:
        """Write the RDF to a file, in the format of its extension: ``.ttl``, ``.trig``, ``.nt``, ``.nq``,
        ``.rdf`` or ``.jsonld``, compressed where ``.gz`` or ``.bz2`` follows.

        Without ``evidence`` given it is written, in full, where the format has named graphs; else as much of
        it as `quads` is told. The same articles are the same bytes; the file is whole or, if something fails,
        as it was before.

        Raises:
            UsageError: the extension is of no format.
            StoreError: the file cannot be written.
        """
        form = format_of(path)
        with open_output(path) as stream:
            quads = self.quads(evidence=form.graphs if evidence is None else evidence)
            write(quads, stream, form, domain=self.domain.rules, base=self.base)

    def load(self, target: Path | str, *, layout: str | None = None, force: bool = False) -> dict[str, int]:
        """Load the articles, with their evidence and the ontology, into a store: a folder, which may be new,
        or the address of a server.

        Returns how many articles are ``new``, ``replaced`` (another version was there), ``finished`` (a load
        that was broken off) and ``unchanged``. ``layout`` is ``graphs``, two graphs an article, or
        ``merged``, one for all; by default what the store has. All have to conform, unless ``force`` is
        given.

        Raises:
            InputError: an article does not conform; nothing was loaded.
            StoreError: the store is in use, not reached, or fails; what was loaded before stays.
            UsageError: the target is neither, or has another layout.
        """
        if not force:
            self._refuse_unfit()
        outcomes: Counter[str] = Counter()
        loading = self._loading(str(target), layout)
        try:
            for unit in group_units(ontology(self.domain.rules)):
                loading.load(unit)
            for built in self.articles:
                outcomes[loading.load(make_unit(built.document, built.quads()))] += 1
            loading.finish()
            loading.seal()
        finally:
            loading.way.close()
        return dict(sorted(outcomes.items()))

    def _loading(self, target: str, layout: str | None) -> Loading:
        rules = self.domain.rules

        def datatypes() -> dict[str, str]:
            return dict(datatypes_of(rules.property_shapes.values()))

        if not is_address(target):
            return load_into_folder(target, layout, datatypes)
        from ..endpoint import open_endpoint  # it is slow to import

        return load_into_endpoint(open_endpoint(target), layout, datatypes)

    def _refuse_unfit(self) -> None:
        for built in self.articles:
            report = self._report(built)
            if report.fails():
                hint = "see Corpus.validate(), or load it with force=True"
                raise InputError(report.results[0].message, file=built.name, hint=hint)

    def _report(self, built: Built) -> Report:
        return validate(built.quads(), self.domain.rules, articles={built.document: built.article})

    @cached_property
    def _store(self) -> Store:
        store = Store()
        store.add(ontology(self.domain.rules))
        store.add(self.quads())
        return store

    @contextmanager
    def _asked(self, *, is_ours: bool, with_ontology: bool) -> Iterator[Queryable]:
        """What a query is put to: here if it ships with lodkit, else in the sandbox."""
        if is_ours:
            yield self._store
            return
        session = Session(as_set=True)
        try:
            session.add(self.quads())
            if with_ontology:
                session.add(ontology(self.domain.rules))
            yield session
        finally:
            session.close()

    def _table(self, names: tuple[str, ...], rows: list[Row]) -> Table:
        return tabulated(Solutions(names, tuple(rows)), self._store, namespaces(self.domain.rules, self.base))


def _again(domain: Domain, parts: Sequence[tuple[str, Extraction, Source | None]], base: str) -> Corpus:
    """The corpus that was pickled: what is the domain's is pickled once, and the store is made anew."""
    return Corpus(domain, tuple(Built(*part, domain.rules) for part in parts), base)


def _statement_rows(built: Built) -> Iterator[Row]:
    article = built.article
    for iri, one in name_statements(built.document, article.text, built.extraction.statements):
        line, column = article.position(one.span.start)
        yield (
            *one.triple,
            Literal(one.modality.value),
            Literal(one.basis.value),
            one.rule,
            NamedNode(built.document),
            Literal(line),
            Literal(column),
            Literal(_quote(one, article.text)),
            NamedNode(iri),
        )


def _quote(one: Statement, text: str) -> str:
    key = f"{one.key_span.of(text)}: " if one.key_span else ""
    return f"{key}{one.span.of(text)}"
