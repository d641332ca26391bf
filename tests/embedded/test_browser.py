"""Chromium is installed where we may; what apt-get is asked for is what apt-get understands."""

import os
from pathlib import Path

import pytest

from marketplace.embedded import doctor

WRITE_DOWN_HOW_IT_WAS_CALLED = """#!/bin/sh
echo "$@" >> {folder}/asked
"""


def test_as_root_chromium_is_asked_for_in_words_that_apt_get_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "apt-get"
    fake.write_text(WRITE_DOWN_HOW_IT_WAS_CALLED.format(folder=tmp_path))
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    doctor.browser()

    update, install = (tmp_path / "asked").read_text().splitlines()
    assert update.split() == ["-qq", "update"]
    assert set(install.split()) == {"install", "-y", "--no-install-recommends", "-qq", "chromium"}
