"""A remote store over standard protocols: SPARQL 1.1 Query and Update, and the Graph Store HTTP Protocol."""

from .credentials import Credentials, find_credentials
from .profiles import PROFILES, Profile, profile_named, read_profiles
from .remote import Endpoint, open_endpoint

__all__ = [
    "PROFILES",
    "Credentials",
    "Endpoint",
    "Profile",
    "find_credentials",
    "open_endpoint",
    "profile_named",
    "read_profiles",
]
