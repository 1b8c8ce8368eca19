"""A child process for what others made: their RDF is parsed and their SPARQL evaluated there, within
limits.
"""

from .child import TOO_LONG_TERM, TaskError
from .session import Rows, Session
from .tasks import canonical, parse_cells, parse_rdf, parse_results, release, worked

__all__ = [
    "TOO_LONG_TERM",
    "Rows",
    "Session",
    "TaskError",
    "canonical",
    "parse_cells",
    "parse_rdf",
    "parse_results",
    "release",
    "worked",
]
