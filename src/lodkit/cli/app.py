"""The commands, with help by example; what they do is loaded when they run."""

import typer

from . import options as o


def _examples(*lines: str) -> str:
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


app = typer.Typer(
    name="lodkit",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_examples(
        "lodkit build Blue_Lantern.txt -o lantern.trig",
        "lodkit validate lantern.trig",
        "lodkit query founders --on lantern.trig --evidence",
    )
    + "\n\n\b\nExit codes: 0 done, 1 does not conform, 2 usage, 3 input, 4 store,\n5 done in part, 130 interrupted.",
)


@app.callback()
def start(version: o.Version = False, domain: o.Domain = None, verbose: o.Verbose = 0) -> None:
    """Turn encyclopedia articles into linked data that shows its sources."""


@app.command(
    epilog=_examples(
        "lodkit build Blue_Lantern.txt                    TriG to standard output",
        "lodkit build Blue_Lantern.txt -o lantern.ttl     the facts as Turtle",
        "lodkit build *.txt -o all.nq.gz                  one data set, compressed",
        "lodkit build *.txt -o graphs/ --format jsonld    one file for each article",
        "lodkit build - --strict < Blue_Lantern.txt       nothing unless it conforms",
    )
)
def build(
    articles: o.Articles,
    output: o.Output = "-",
    form: o.OutFormat = None,
    evidence: o.Evidence = None,
    with_text: o.WithText = False,
    base: o.Base = o.BASE,
    strict: o.Strict = False,
    validated: o.Validated = True,
    domain: o.Domain = None,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Read articles and write what they say as linked data.

    Problems are told on standard error and the data are still written, so that they can be looked at, unless --strict is given.
    What was not understood is counted there too, and listed with -v.
    """
    from .build import Options, build_articles

    return build_articles(articles, output, Options(form, evidence, with_text, base, strict, validated, domain, as_json))


@app.command(
    epilog=_examples(
        "lodkit validate Blue_Lantern.txt",
        "lodkit validate lantern.ttl --article Blue_Lantern.txt",
        "lodkit validate graphs/*.nq --json",
    )
)
def validate(
    files: o.Files,
    article: o.Beside = None,
    form: o.StdinFormat = None,
    base: o.Base = o.BASE,
    domain: o.Domain = None,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Check data against the shapes, and point at the text.

    Exits with 1 if there is a violation, or if no shape applies to anything in the data.
    """
    from .validate import validate_files

    return validate_files(files, article or [], form, base, domain, as_json)


@app.command(
    epilog=_examples(
        "lodkit query                                     list the queries",
        "lodkit query founders                            of what ships with lodkit",
        "lodkit query about -p entity='Blue Lantern' --on graphs/",
        "lodkit query timeline -p from=1990 --on lantern.trig --evidence",
        "lodkit query own.rq --on lantern.trig --format md",
    )
)
def query(
    name: o.Name = None,
    parameter: o.Parameter = None,
    on: o.On = None,
    evidence: o.Cite = False,
    form: o.RowFormat = None,
    domain: o.Domain = None,
    as_json: o.Json = False,
    verbose: o.Verbose = 0,
) -> int:
    """Ask a query of the catalogue, or one of your own.

    With -v, first tells what the query answers and which parameters it takes.
    """
    from .query import Question, ask

    return ask(name, Question(tuple(parameter or ()), tuple(on or ()), evidence, "json" if as_json else form, domain))


@app.command(
    epilog=_examples(
        "lodkit export lantern.trig --to lantern.jsonld",
        "lodkit export lantern.trig --to lantern.ttl --evidence",
        "lodkit export - --from nq --format ttl < lantern.nq",
    )
)
def export(
    file: o.File,
    to: o.To = "-",
    form: o.OutFormat = None,
    origin: o.From = None,
    evidence: o.Evidence = None,
    base: o.Base = o.BASE,
    domain: o.Domain = None,
    verbose: o.Verbose = 0,
) -> int:
    """Write data in another format, in the same bytes each time."""
    from .export import export_file

    return export_file(file, origin, to, form, evidence, base, domain)


@app.command(
    epilog=_examples(
        "lodkit check",
        "lodkit check --domain lighthouses/",
        "lodkit check --usage *.txt                       which rules were of use",
    )
)
def check(articles: o.Used = None, usage: o.Usage = False, domain: o.Domain = None, as_json: o.Json = False, verbose: o.Verbose = 0) -> int:
    """Check a domain against itself: shapes, examples and queries."""
    from .check import check_domain

    return check_domain(articles or [], usage, domain, as_json)
