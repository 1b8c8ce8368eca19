"""The catalogue of canned queries: header, parameters, binding, run against a store or an endpoint,
output.
"""

from .absent import absent_terms
from .bundled import bundled_dataset, bundled_graphs, ontology
from .catalogue import (
    CannedQuery,
    QueryFolder,
    as_domain_error,
    catalogue,
    find_query,
    own_query,
    parse_query,
    query_names,
    read_canned,
    read_query,
    with_prefixes,
)
from .folder import LightDomain, light_domain
from .listing import describe_query, list_queries
from .output import FORMATS, LABELLED, SPREADSHEET_FORMATS, format_solutions, without_formulas
from .parameters import Parameter
from .run import bind, check_syntax, resolve, run
from .solutions import Cell, Cite, Queryable, Solutions, add_labels, cited, labels, plain, shorten
from .table import Table, tabulated

__all__ = [
    "FORMATS",
    "LABELLED",
    "SPREADSHEET_FORMATS",
    "CannedQuery",
    "Cell",
    "Cite",
    "LightDomain",
    "Parameter",
    "QueryFolder",
    "Queryable",
    "Solutions",
    "Table",
    "absent_terms",
    "add_labels",
    "as_domain_error",
    "bind",
    "bundled_dataset",
    "bundled_graphs",
    "catalogue",
    "check_syntax",
    "cited",
    "describe_query",
    "find_query",
    "format_solutions",
    "labels",
    "light_domain",
    "list_queries",
    "ontology",
    "own_query",
    "parse_query",
    "plain",
    "query_names",
    "read_canned",
    "read_query",
    "resolve",
    "run",
    "shorten",
    "tabulated",
    "with_prefixes",
    "without_formulas",
]
