"""The commands, with help by example; what they do is loaded when they run."""

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from . import options as o
from .codes import told
from .terminal import width

if TYPE_CHECKING:
    from ..rdf import Level


def _examples(*lines: str) -> str:
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def _report_format(form: str | None, as_json: bool) -> str:
    if as_json and form not in (None, "json"):
        raise typer.BadParameter(f"--json and --format {form} contradict each other")
    return "json" if as_json else form or "text"


def _level(evidence: bool | None, lean: bool) -> "Level | None":
    """How much evidence is asked for; None is "as fits"."""
    from ..rdf import Level, level_of

    if not lean:
        return None if evidence is None else level_of(evidence)
    if evidence is False:
        raise typer.BadParameter("--lean and --no-evidence contradict each other")
    return Level.LEAN


app = typer.Typer(
    name="lodkit",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 140},
    epilog=_examples(
        "lodkit build Blue_Lantern.txt -o lantern.trig",
        "lodkit validate lantern.trig",
        "lodkit query founders --on lantern.trig --evidence",
        "lodkit load lantern.trig --into store/",
    )
    + "\n\n"
    + told(width()),
)


@app.callback()
def start(
    version: o.Version = False, domain: o.Domain = None, cached: o.Cached = True, verbose: o.Verbose = 0
) -> None:
    """Turn encyclopedia articles into linked data that shows its sources."""


@app.command(
    epilog=_examples(
        "lodkit build Blue_Lantern.txt                    TriG to standard output",
        "lodkit build Blue_Lantern.txt -o lantern.ttl     the facts as Turtle",
        "lodkit build Blue_Lantern.wiki                   the source of a page",
        "lodkit build *.txt -o all.nq.gz                  one data set, compressed",
        "lodkit build *.txt -o all.nq.gz --lean           with half as much evidence",
        "lodkit build *.txt -o graphs/ --format jsonld    one file for each article",
        "lodkit build - --strict < Blue_Lantern.txt       nothing unless it conforms",
        "lodkit build *.txt --into store/                 straight into a store",
    )
)
def build(
    articles: o.Articles,
    output: o.Output = None,
    form: o.OutFormat = None,
    origin: o.ArticleForm = None,
    title: o.Title = None,
    language: o.Language = None,
    links: o.Links = None,
    evidence: o.Evidence = None,
    lean: o.Lean = False,
    with_text: o.WithText = False,
    base: o.Base = o.BASE,
    strict: o.Strict = False,
    validated: o.Validated = True,
    fail_on: o.FailOn = "violation",
    into: o.AlsoInto = None,
    force: o.Force = False,
    layout: o.Layout = None,
    profile: o.Profile = None,
    config: o.Config = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Read articles and write what they say as linked data.

    Problems are told on standard error and the data are still written, so that they can be looked at,
    unless --strict is given, which refuses what is as bad as --fail-on says; the exit code is then 1, as it
    is without --strict. With --into, an article that does not conform is not loaded unless --force is given.
    What was not understood is counted there too, and listed with -v.
    """
    from .build import Options, build_articles
    from .connection import Connection

    connection = Connection(profile, timeout, deadline, layout, config=config)
    level = _level(evidence, lean)
    options = Options(
        form, level, with_text, base, strict, validated, into, connection, domain, as_json, fail_on, force
    )
    options = replace(options, origin=origin, title=title, language=language, links=(links,) if links else ())
    return build_articles(articles, output, options)


@app.command(
    epilog=_examples(
        "lodkit validate Blue_Lantern.txt",
        "lodkit validate lantern.ttl --article Blue_Lantern.txt",
        "lodkit validate graphs/*.nq --json",
        "lodkit validate *.txt --format sarif -o lodkit.sarif",
        "lodkit validate *.txt --fail-on warning --format github",
        "lodkit validate people.ttl --shapes shapes.ttl   any RDF, any shapes",
        "lodkit validate data/ --shapes shapes/ --together --strict",
        "lodkit validate store/                           each article of a store",
        "lodkit validate http://127.0.0.1:7878            or of a server",
    )
)
def validate(
    files: o.Files,
    shapes: o.Shapes = None,
    together: o.Together = False,
    strict: o.Gaps = False,
    article: o.Beside = None,
    form: o.StdinFormat = None,
    base: o.Base = o.BASE,
    report: o.ReportFormat = None,
    output: o.ReportTo = "-",
    fail_on: o.FailOn = "violation",
    engine: o.Validator = "best",
    profile: o.Profile = None,
    config: o.Config = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    base_iri: o.BaseIri = None,
    skip_bad: o.SkipBad = False,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Check data against the shapes, and point at the text.

    Each file, and each article of a store, is validated by itself unless --together is given. Exits with 1
    if there is a violation (with --fail-on, a warning or an info), or if nothing at all was checked because
    no shape applies to anything in the data. --json is short for --format json.
    """
    from .connection import Connection
    from .validate import Asked, validate_files

    asked = Asked(
        form,
        base,
        engine,
        _report_format(report, as_json),
        output,
        fail_on,
        tuple(shapes or ()),
        together,
        strict,
        Connection(profile, timeout, deadline, config=config),
    )
    return validate_files(files, article or [], domain, asked)


@app.command(
    epilog=_examples(
        "lodkit explain 'Blue Lantern was possibly founded by Ada Lund.'",
        "lodkit explain Blue_Lantern.txt:12               a line of an article",
        "lodkit explain 'Ada Lund' --on Blue_Lantern.txt  what is said of her, and by which rule",
        "lodkit explain 'Blue Lantern' founder 'Ada Lund' --on lantern.trig",
        "lodkit explain --not 'Blue Lantern' founder --on Blue_Lantern.txt",
    )
)
def explain(
    what: o.What,
    absent: o.Absent = False,
    on: o.ExplainedIn = None,
    title: o.Title = None,
    subject_class: o.OfClass = None,
    profile: o.Profile = None,
    config: o.Config = None,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Say how a sentence is read, what a fact rests on, or why there is none.

    A sentence ends in a full stop, a question mark or an exclamation mark; anything else is a thing that
    data or articles speak of, by IRI or name.
    """
    from .connection import Connection
    from .explain import Asked
    from .explain import explain as explained

    connection = Connection(profile, config=config)
    asked = Asked(tuple(on or ()), title, subject_class, domain, connection, as_json, verbose > 0)
    return explained(what, asked, absent=absent)


@app.command(
    epilog=_examples(
        "lodkit query                                     list the queries",
        "lodkit query founders                            of what ships with lodkit",
        "lodkit query about -p entity='Blue Lantern' --on graphs/",
        "lodkit query timeline -p from=1990 --on lantern.trig --evidence",
        "lodkit query own.rq --on lantern.trig --format md",
        "lodkit query founders --on http://127.0.0.1:7878",
    )
)
def query(
    name: o.Name = None,
    parameter: o.Parameter = None,
    on: o.On = None,
    origin: o.StdinFormat = None,
    evidence: o.Cite = False,
    with_ontology: o.WithOntology = False,
    form: o.RowFormat = None,
    labels: o.Labels = None,
    iris: o.Iris = False,
    safe_csv: o.SafeCsv = False,
    profile: o.Profile = None,
    config: o.Config = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    base_iri: o.BaseIri = None,
    skip_bad: o.SkipBad = False,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Ask a query of the catalogue, or one of your own.

    Queries of the catalogue see the ontology beside the data, your own see the data as they are.
    With -v, first tells what the query answers and which parameters it takes.
    """
    from .connection import Connection
    from .query import Question, ask

    connection = Connection(profile, timeout, deadline, config=config)
    return ask(
        name,
        Question(
            tuple(parameter or ()),
            tuple(on or ()),
            evidence,
            "json" if as_json else form,
            domain,
            connection,
            safe_csv,
            with_ontology,
            origin,
            labels,
            iris,
        ),
    )


@app.command(
    epilog=_examples(
        "lodkit export lantern.trig --to lantern.jsonld",
        "lodkit export lantern.trig --to lantern.ttl --evidence",
        "lodkit export - --from nq --format ttl < lantern.nq",
        "lodkit export store/ --to all.nq.gz              what was loaded there",
    )
)
def export(
    places: o.Exported,
    to: o.To = "-",
    form: o.OutFormat = None,
    origin: o.From = None,
    evidence: o.Evidence = None,
    lean: o.Lean = False,
    base: o.Base = o.BASE,
    profile: o.Profile = None,
    config: o.Config = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    base_iri: o.BaseIri = None,
    skip_bad: o.SkipBad = False,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    verbose: o.Verbose = 0,
) -> int:
    """Write data in another format, in the same bytes each time.

    Of a store, what lodkit loaded there is written, as it was before.
    """
    from .connection import Connection
    from .export import Wanted, export_places

    connection = Connection(profile, timeout, deadline, config=config)
    return export_places(places, origin, Wanted(to, form, _level(evidence, lean)), base, connection, domain)


@app.command(
    epilog=_examples(
        "lodkit load lantern.trig --into store/",
        "lodkit load graphs/ --into http://127.0.0.1:7878",
        "lodkit load people.ttl --into store/ --graph default --no-ontology",
        "lodkit load all.nq.gz --into http://127.0.0.1:8890 --layout merged",
        "lodkit load lantern.trig --into http://127.0.0.1:8890 --dry-run",
    )
)
def load(
    files: o.Loaded,
    into: o.Into,
    layout: o.Layout = None,
    replace: o.Replace = False,
    graph: o.Graph = None,
    ontology: o.WithVocabulary = True,
    profile: o.Profile = None,
    config: o.Config = None,
    dry_run: o.DryRun = False,
    origin: o.From = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    base_iri: o.BaseIri = None,
    skip_bad: o.SkipBad = False,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Load data into a store: a folder, or a server by its address.

    An article that is there in the same bytes is left alone, another version of it is replaced. A user and
    a password are taken from LODKIT_USER and LODKIT_PASSWORD, or from ~/.netrc.
    """
    from .connection import Connection
    from .load import Reading, load_files

    return load_files(
        files,
        into,
        Reading(origin, graph),
        Connection(profile, timeout, deadline, layout, dry_run, replace, config, ontology),
        domain,
        as_json,
    )


@app.command(
    epilog=_examples(
        "lodkit store store/",
        "lodkit store http://127.0.0.1:7878 --json",
        "lodkit store store/ --repair                     after damage",
    )
)
def store(
    place: o.Place,
    repair: o.Repair = False,
    safe_csv: o.SafeCsv = False,
    profile: o.Profile = None,
    config: o.Config = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Tell what was loaded into a store: articles, triples, versions, and what of it is missing."""
    from .connection import Connection
    from .store import repair_store, show_store

    connection = Connection(profile, timeout, deadline, config=config)
    if repair:
        return repair_store(place, connection, as_json)
    return show_store(place, connection, as_json, safe_csv)


@app.command(
    epilog=_examples(
        "lodkit verify store/",
        "lodkit verify store/ articles/                   each quote against its text",
        "lodkit verify graphs/ more.nq",
        "lodkit verify lantern.trig Blue_Lantern.txt --json",
    )
)
def verify(
    places: o.Verified,
    origin: o.From = None,
    profile: o.Profile = None,
    config: o.Config = None,
    timeout: o.Timeout = None,
    deadline: o.Deadline = None,
    base_iri: o.BaseIri = None,
    skip_bad: o.SkipBad = False,
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    limit_answer: o.LimitAnswer = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Check that data are what was loaded, and quotes are in the texts.

    Digests, numbers of quads, offsets, lines, columns and quotes; texts of articles are found by their
    SHA-256. The first place is data; what follows is data too if it is a store, RDF by its extension or a
    folder with such files in it, and else texts, or a folder of them.
    Exits with 1 if anything is wrong, and says what could not be verified.
    """
    from .connection import Connection
    from .verify import Asked, verify_places

    connection = Connection(profile, timeout, deadline, config=config)
    return verify_places(places, Asked(origin, connection, domain, as_json))


@app.command(
    epilog=_examples(
        "lodkit check",
        "lodkit check --domain lighthouses/",
        "lodkit check --domain lighthouses/ --style --format sarif",
        "lodkit check --usage *.txt                       which rules were of use",
    )
)
def check(
    articles: o.Used = None,
    usage: o.Usage = False,
    style: o.Style = False,
    report: o.ProblemFormat = None,
    fail_on: o.FailOnProblem = "info",
    limit_time: o.LimitTime = None,
    limit_memory: o.LimitMemory = None,
    limit_input: o.LimitInput = None,
    domain: o.Domain = None,
    cached: o.Cached = True,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Check a domain against itself: ontology, shapes, lexicon, examples and queries.

    All problems are listed, each with file, line and column. Exits with 1 if there are any.
    """
    from .check import Asked, check_domain

    asked = Asked(_report_format(report, as_json), style, fail_on, usage)
    return check_domain(articles or [], domain, asked)
