"""A remote store over standard protocols: SPARQL 1.1 Query and Update, and the Graph Store HTTP Protocol."""

from .challenges import Credentials
from .credentials import find_credentials
from .origins import Origin, origin_of, read_address, shown
from .profiles import PROFILES, Profile, profile_named, read_profiles
from .remote import Endpoint, open_endpoint
from .transport import tells_waits

__all__ = [
    "PROFILES",
    "Credentials",
    "Endpoint",
    "Origin",
    "Profile",
    "find_credentials",
    "open_endpoint",
    "origin_of",
    "profile_named",
    "read_address",
    "read_profiles",
    "shown",
    "tells_waits",
]
