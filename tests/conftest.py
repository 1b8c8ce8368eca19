"""What several tests share: the checkout, its domain, the sample article, and the larger set of articles
where there is one.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from lodkit.domain import Domain, read_domain

ROOT = Path(__file__).parent.parent

settings.register_profile(
    "default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", parent=settings.get_profile("default"), derandomize=False, max_examples=1000
)
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
