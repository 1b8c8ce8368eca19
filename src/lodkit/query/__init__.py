"""The catalogue of canned queries: header, parameters, binding, run against a store or an endpoint, output
(DESIGN §6).
"""

from .bundled import bundled_dataset, ontology
from .catalogue import CannedQuery, QueryFolder, catalogue, find_query, parse_query, read_query
from .listing import describe_query, list_queries
from .output import FORMATS, SPREADSHEET_FORMATS, format_solutions
from .parameters import Parameter
from .run import bind, resolve, run
from .solutions import Cell, Cite, Queryable, Solutions, add_labels, labels, shorten

__all__ = [
    "FORMATS",
    "SPREADSHEET_FORMATS",
    "CannedQuery",
    "Cell",
    "Cite",
    "Parameter",
    "QueryFolder",
    "Queryable",
    "Solutions",
    "add_labels",
    "bind",
    "bundled_dataset",
    "catalogue",
    "describe_query",
    "find_query",
    "format_solutions",
    "labels",
    "list_queries",
    "ontology",
    "parse_query",
    "read_query",
    "resolve",
    "run",
    "shorten",
]
