"""What several tests share: the checkout, its domain, the sample article, and the larger set of articles
where there is one.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.readings import read_once

from lodkit.domain import Domain, read_domain

ROOT = Path(__file__).parent.parent

# nohup, and a shell that runs the tests in the background, have them and all that they start ignore these.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# No test reads or writes the user's own cache; those that run lodkit share one, which goes with the tests.
_CACHE = tempfile.TemporaryDirectory(prefix="lodkit-tests-")
os.environ["LODKIT_CACHE"] = str(Path(_CACHE.name) / "cache")

settings.register_profile(
    "default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", parent=settings.get_profile("default"), derandomize=False, max_examples=1000
)
settings.register_profile("quick", parent=settings.get_profile("default"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout's root."""
    return ROOT


@pytest.fixture(scope="session")
def domain() -> Domain:
    """The domain of this repository."""
    return read_domain(ROOT)


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample article."""
    return ROOT / "data" / "articles" / "Peru_People's_Movement.txt"


@pytest.fixture(scope="session")
def bundled() -> list[Path]:
    """The articles that the repository ships."""
    return sorted((ROOT / "data" / "articles").glob("*.txt"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ``shared`` beside the checkout with many more articles and gold facts; tests that want it
    are skipped without it.
    """
    folder = ROOT.parent / "shared"
    if not (folder / "articles").is_dir():
        pytest.skip("no ../shared/articles beside the checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _bundled_domain_is_read_once() -> Iterator[None]:
    """Commands that tests run in this process share one reading of the domain that ships with lodkit."""
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        yield
