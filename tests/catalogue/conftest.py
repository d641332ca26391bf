"""Pictures of a test lie in a folder of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def pictures(tmp_path: Path, settings: Settings) -> Path:
    """The folder of the pictures' files, empty: not even there."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "pictures"
