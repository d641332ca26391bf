"""What the program says, it says in Italian too."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_italian_is_complete():
    command = [sys.executable, "scripts/messages.py", "--check"]

    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_vendored_files_are_those_we_recorded():
    command = [sys.executable, "scripts/vendor.py", "--check"]

    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout + answer.stderr
