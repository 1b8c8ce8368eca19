"""The arguments and options of the commands, with their help."""

# Annotations are evaluated by typer, so this module and ``app`` do without the import that makes them texts.

from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Literal

import typer

from .. import __version__
from ..cache import use_cache
from ..limits import parse_size, set_limits
from .terminal import verbosity

BASE = "https://w3id.org/lodkit/"  # as in lodkit.statement, which is slow to import

Written = Literal["ttl", "trig", "nt", "nq", "jsonld", "rdf"]
Read = Literal["ttl", "trig", "nt", "nq", "jsonld", "rdf"]
Rows = Literal[
    "table", "csv", "tsv", "json", "md", "html", "xlsx", "ttl", "nt", "nq", "trig", "jsonld", "rdf"
]
LinkSet = Literal["dbpedia"]
Layouts = Literal["graphs", "merged"]
Engines = Literal["best", "lodkit", "pyshacl"]
Reports = Literal["text", "json", "turtle", "sarif", "junit", "github", "html"]
Problems = Literal["text", "json", "sarif", "github"]
Severities = Literal["info", "warning", "violation"]

domain_folder: ContextVar[Path | None] = ContextVar("domain_folder", default=None)


def _be_verbose(times: int) -> int:
    verbosity.set(max(times, verbosity.get()))
    return times


def _choose_domain(folder: Path | None) -> Path | None:
    """Given before the command or after it; what stands last counts."""
    if folder is not None:
        domain_folder.set(folder)
    return domain_folder.get()


def _answer_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lodkit {__version__}")
        raise typer.Exit


def _limit_time(seconds: float | None) -> float | None:
    if seconds is not None and not 0 < seconds < float("inf"):
        raise typer.BadParameter("seconds above 0")
    set_limits(time=seconds)
    return seconds


def _size(text: str | None) -> int | None:
    try:
        return None if text is None else parse_size(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; write it as 500000, 512M or 4G") from error


def _limit_memory(text: str | None) -> str | None:
    set_limits(memory=_size(text))
    return text


def _limit_input(text: str | None) -> str | None:
    set_limits(article=_size(text), input=_size(text), small=_size(text))
    return text


def _limit_answer(text: str | None) -> str | None:
    set_limits(answer=_size(text))
    return text


base_iri: ContextVar[str | None] = ContextVar("base_iri", default=None)
"""What relative IRIs of data are resolved against; None stands for the address of their file."""


def _set_base_iri(iri: str | None) -> str | None:
    if iri is not None:
        from ..rdf import check_base_iri

        check_base_iri(iri)
        base_iri.set(iri)
    return iri


skips_bad: ContextVar[bool] = ContextVar("skips_bad", default=False)
"""Whether lines and terms that are no RDF are left out and listed, in place of being an error."""


was_skipped: ContextVar[bool] = ContextVar("was_skipped", default=False)
"""Whether a file was read without what is bad in it, so that what was done is done in part."""


def _set_skip_bad(is_on: bool) -> bool:
    if is_on:
        skips_bad.set(True)
    return is_on


def _use_cache(used: bool) -> bool:
    if not used:  # given before the command or after it
        use_cache(False)
    return used


def _list(metavar: str, text: str) -> object:
    return typer.Argument(metavar=metavar, help=text, show_default=False)


_MORE = "Say more; -vv shows tracebacks."
_EVIDENCE = "With the quotes behind each fact; by default where the format has graphs."
_ON = "What to ask; by default the graphs that ship with lodkit."
_PLACE = "FILE|FOLDER|URL"

# Of every command
Version = Annotated[
    bool, typer.Option("--version", callback=_answer_version, is_eager=True, help="Tell the version.")
]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose", "-v", count=True, callback=_be_verbose, is_eager=True, help=_MORE, show_default=False
    ),
]
Domain = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", callback=_choose_domain, help="Another domain than the one that ships with lodkit."
    ),
]
Cached = Annotated[
    bool,
    typer.Option(
        "--cache/--no-cache",
        callback=_use_cache,
        help="Keep the domain as it was read in your cache folder, for later calls.",
    ),
]
Graph = Annotated[
    str | None,
    typer.Option(
        metavar="IRI|default",
        help="Where triples go that are in no graph: an IRI, or the store's default graph.",
        show_default=False,
    ),
]
Base = Annotated[str, typer.Option(metavar="IRI", help="What the IRIs that are made start with.")]
BaseIri = Annotated[
    str | None,
    typer.Option(
        metavar="IRI",
        callback=_set_base_iri,
        help="What relative IRIs in the data are relative to; by default their file.",
        show_default=False,
    ),
]
SkipBad = Annotated[
    bool,
    typer.Option(
        "--skip-bad",
        callback=_set_skip_bad,
        help="Leave out lines and terms that are no RDF, list them, and exit with 5.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
WithOntology = Annotated[
    bool, typer.Option("--with-ontology", help="Ask the data and the ontology of the domain together.")
]
SafeCsv = Annotated[
    bool,
    typer.Option(
        "--safe-csv", help="Put ' before cells of CSV and TSV that a spreadsheet would take for a formula."
    ),
]
Evidence = Annotated[
    bool | None, typer.Option("--evidence/--no-evidence", help=_EVIDENCE, show_default=False)
]
Lean = Annotated[
    bool,
    typer.Option(
        "--lean", help="With the evidence, without what follows from its other triples or from names."
    ),
]
OutFormat = Annotated[
    Written | None, typer.Option("--format", "-f", help="By default OUT's extension, else trig.")
]

# Bounds; what they are set to is read where they are needed (lodkit.limits)
LimitTime = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        callback=_limit_time,
        help="How long what others made (queries, shapes, RDF) may be worked on; by default 60.",
        show_default=False,
    ),
]
LimitMemory = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        callback=_limit_memory,
        help="How much memory that may take; by default 4G.",
        show_default=False,
    ),
]
LimitInput = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        callback=_limit_input,
        help=(
            "How long an input may be, decompressed; by default 64M for an article, 1M for what lies beside"
            " it or a query, 16G for other data."
        ),
        show_default=False,
    ),
]
LimitAnswer = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        callback=_limit_answer,
        help="How long a server's answer may be; by default 1G.",
        show_default=False,
    ),
]

# Of those that speak with stores
Into = Annotated[
    str,
    typer.Option(
        metavar="FOLDER|URL", help="The store: a folder, or the address of a server.", show_default=False
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What kind of store: oxigraph, virtuoso, fuseki, graphdb, rdf4j, qlever, sparql, or your own.",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A lodkit.toml; by default the one in ~/.config/lodkit/, if any."),
]
Layout = Annotated[
    Layouts | None,
    typer.Option(
        help="Two graphs an article, or everything in one; by default as the store has it, else graphs."
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", help="How long a server may be silent; by default 60.", show_default=False
    ),
]
Deadline = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", help="How long one request may take; by default 600.", show_default=False
    ),
]

# load
Loaded = Annotated[
    list[str], _list("DATA...", "RDF with named graphs, or folders of it; - is standard input.")
]
WithVocabulary = Annotated[
    bool,
    typer.Option(
        "--ontology/--no-ontology", help="Load the ontology of the domain too, which canned queries ask."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the requests that would change the store; send none of them.")
]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help=(
            "Also put an article without evidence in the place of one that has evidence, and triples in the"
            " place of what others put into the default graph."
        ),
    ),
]

# store
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Mark what is damaged as unfinished, so that a load replaces it, and write the rest down.",
    ),
]
Place = Annotated[str, _list("FOLDER|URL", "A store.")]

# build
AlsoInto = Annotated[
    str | None,
    typer.Option("--into", metavar="FOLDER|URL", help="Load what is built into a store.", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="With --into, also load articles that do not conform.")]
Articles = Annotated[
    list[str],
    _list("ARTICLE...", "Texts of articles or wikitext, or folders of .txt and .wiki; - is standard input."),
]
ArticleForm = Annotated[
    Literal["plain", "wikitext"] | None,
    typer.Option("--from", help="What the articles are; by default told by their names and beginnings."),
]
Language = Annotated[
    str | None,
    typer.Option(metavar="TAG", help="The language of the articles: en, pt-br.", show_default=False),
]
Links = Annotated[
    LinkSet | None,
    typer.Option(help="Say too what a data set has of the same pages.", show_default=False),
]
Title = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="The title of an article that has none.", show_default=False),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="A file, or a folder for a file each; - is standard output, the default without --into.",
    ),
]
WithText = Annotated[bool, typer.Option("--with-text", help="Put the whole text into the evidence.")]
Strict = Annotated[bool, typer.Option("--strict", help="Write nothing if anything does not conform.")]
Validated = Annotated[bool, typer.Option("--validate/--no-validate", help="Validate what is built.")]

# validate
Files = Annotated[
    list[str],
    _list(
        "DATA...", "Articles, RDF by its extension, folders of RDF, a store or server; - is standard input."
    ),
]
Shapes = Annotated[
    list[str] | None,
    typer.Option(
        "--shapes",
        metavar="FILE",
        help="Shapes to validate against in place of a domain's: RDF (.shacl is Turtle) or a folder of it.",
    ),
]
Together = Annotated[
    bool, typer.Option("--together", help="All files are one data set; else each is validated by itself.")
]
Gaps = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Fail on shapes without nodes, nodes without a shape, and properties that no shape knows.",
    ),
]
Beside = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="TEXT", help="The article that RDF was built from, to show its lines."),
]
Validator = Annotated[
    Engines,
    typer.Option("--engine", help="Who validates: best is lodkit wherever it knows the shapes' terms."),
]
StdinFormat = Annotated[Read | None, typer.Option("--from", help="The format of RDF on standard input.")]
ReportFormat = Annotated[
    Reports | None,
    typer.Option("--format", "-f", help="How to report; by default text.", show_default=False),
]
ReportTo = Annotated[
    str, typer.Option("--output", "-o", metavar="OUT", help="A file for the report; - is standard output.")
]
FailOn = Annotated[Severities, typer.Option("--fail-on", help="The least that makes the exit code 1.")]

# explain
What = Annotated[
    list[str],
    _list("{SENTENCE|ARTICLE:LINE|THING|S P O}", "A sentence, a line, a thing by IRI or name, or a fact."),
]
Absent = Annotated[bool, typer.Option("--not", help="Say why ENTITY has no value of PROPERTY.")]
ExplainedIn = Annotated[
    list[str] | None,
    typer.Option("--on", metavar="ARTICLE|DATA", help="Where the thing is spoken of.", show_default=False),
]
OfClass = Annotated[
    str | None,
    typer.Option("--class", metavar="CLASS", help="What the article is about.", show_default=False),
]

# query
Name = Annotated[
    str | None,
    _list("[NAME|FILE|TEXT]", "A query, of the catalogue or your own; without one, all are listed."),
]
Parameter = Annotated[
    list[str] | None, typer.Option("--parameter", "-p", metavar="KEY=VALUE", help="A parameter's value.")
]
On = Annotated[list[str] | None, typer.Option(metavar=_PLACE, help=_ON, show_default=False)]
Cite = Annotated[bool, typer.Option("--evidence", help="Cite the words that each row rests on.")]
Labels = Annotated[
    bool | None,
    typer.Option(
        "--labels/--no-labels",
        help="Labels beside IRIs; by default in table, md, html and xlsx.",
        show_default=False,
    ),
]
Iris = Annotated[bool, typer.Option("--iris", help="In a table, IRIs beside the labels and not below.")]
_ROW_FORMATS = (
    "One of table, csv, tsv, json, md, html, xlsx; of triples also ttl, nt, nq, trig, jsonld, rdf. By default"
    " a table on a terminal, else csv; ttl of triples."
)
RowFormat = Annotated[Rows | None, typer.Option("--format", "-f", metavar="FORMAT", help=_ROW_FORMATS)]

# export
Exported = Annotated[list[str], _list("DATA...", "RDF, folders of it, or one store; - is standard input.")]
To = Annotated[str, typer.Option("--to", "-o", metavar="OUT", help="A file; - is standard output.")]
From = Annotated[Read | None, typer.Option("--from", help="By default FILE's extension.")]

# verify
Verified = Annotated[
    list[str],
    _list(
        "DATA... [ARTICLE...]",
        "RDF with evidence, folders of it, stores; and the texts that it was read from.",
    ),
]

# check
Used = Annotated[list[str] | None, _list("[ARTICLE...]", "Articles for --usage.")]
Usage = Annotated[bool, typer.Option("--usage", help="Tell which rules read something in the articles.")]
Style = Annotated[
    bool, typer.Option("--style", help="Look at style too: shapes without names, descriptions, messages.")
]
ProblemFormat = Annotated[
    Problems | None,
    typer.Option("--format", "-f", help="How to report; by default text.", show_default=False),
]
FailOnProblem = Annotated[
    Severities, typer.Option("--fail-on", help="The least that makes the exit code 1; style is info.")
]
