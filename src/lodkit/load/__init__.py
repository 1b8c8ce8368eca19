"""Loading into stores, embedded or remote, and reading back what was loaded (DESIGN §3, §6)."""

from .contents import Loaded, counts_of, quads_of, units_in
from .forms import changed, datatypes_of, restored
from .layout import DIGEST, LOADS, Graphs, Layout, Merged
from .loading import Loading, Way
from .plan import Addition, Bounds, State, Step, Transfer, Update, replacing
from .units import Unit, group_units, make_unit
from .ways import layout_of, open_loading, way_into_endpoint, way_into_store

__all__ = [
    "DIGEST",
    "LOADS",
    "Addition",
    "Bounds",
    "Graphs",
    "Layout",
    "Loaded",
    "Loading",
    "Merged",
    "State",
    "Step",
    "Transfer",
    "Unit",
    "Update",
    "Way",
    "changed",
    "counts_of",
    "datatypes_of",
    "group_units",
    "layout_of",
    "make_unit",
    "open_loading",
    "quads_of",
    "replacing",
    "restored",
    "units_in",
    "way_into_endpoint",
    "way_into_store",
]
