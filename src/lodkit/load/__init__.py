"""Loading into stores, embedded or remote, and reading back what was loaded."""

from .apart import add_apart
from .claims import check_claims, check_places
from .contents import Loaded, counts_of, is_whole, quads_of, units_in
from .forms import changed, datatypes_of, restored
from .health import begin, check, damaged_units, forget, refuse_inconsistent, seal_anew
from .layout import DIGEST, LOADS, Graphs, Layout, Merged
from .loading import Loading, Replaced, Way
from .places import check_evidence, unpaired
from .plan import Addition, Bounds, State, Step, Transfer, Update, replacing
from .units import DEFAULT_GRAPH, Loose, Unit, group_units, make_unit
from .verification import Verification
from .ways import (
    layout_of,
    load_into_endpoint,
    load_into_folder,
    open_loading,
    way_into_endpoint,
    way_into_store,
)

__all__ = [
    "DEFAULT_GRAPH",
    "DIGEST",
    "LOADS",
    "Addition",
    "Bounds",
    "Graphs",
    "Layout",
    "Loaded",
    "Loading",
    "Loose",
    "Merged",
    "Replaced",
    "State",
    "Step",
    "Transfer",
    "Unit",
    "Update",
    "Verification",
    "Way",
    "add_apart",
    "begin",
    "changed",
    "check",
    "check_claims",
    "check_evidence",
    "check_places",
    "counts_of",
    "damaged_units",
    "datatypes_of",
    "forget",
    "group_units",
    "is_whole",
    "layout_of",
    "load_into_endpoint",
    "load_into_folder",
    "make_unit",
    "open_loading",
    "quads_of",
    "refuse_inconsistent",
    "replacing",
    "restored",
    "seal_anew",
    "units_in",
    "unpaired",
    "way_into_endpoint",
    "way_into_store",
]
