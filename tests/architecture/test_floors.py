"""The house stands: every room on a floor, every fork found by Oscar, every setting told."""

import re
import tomllib
from pathlib import Path

import pytest
from oscar.core.loading import get_class

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_room_stands_on_a_floor():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    floors = {room.strip() for floor in linter["contracts"][0]["layers"] for room in floor.split("|")}

    assert rooms == set(linter["root_packages"]) == floors


@pytest.mark.parametrize(
    ("module", "name", "home"),
    [
        ("partner.strategy", "Selector", "catalogue.oscar_partner.strategy"),
        ("basket.middleware", "BasketMiddleware", "checkout.oscar_basket.middleware"),
    ],
)
def test_oscar_finds_what_we_override(module, name, home):
    assert get_class(module, name).__module__ == home


def test_every_setting_read_from_the_environment_is_told():
    source = (ROOT / "marketplace/settings.py").read_text()
    told = (ROOT / "docs/settings.md").read_text()

    read = set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', source))

    assert len(read) > 10
    assert {name for name in read if f"`{name}`" not in told} == set()


def test_no_file_of_ours_is_long_enough_to_be_two():
    ours = [p for p in ROOT.glob("*/**/*.py") if not {".venv", "var", "migrations", "tests"} & set(p.parts)]

    long = {str(p.relative_to(ROOT)): n for p in ours if (n := len(p.read_text().splitlines())) > 330}

    assert long == {}
