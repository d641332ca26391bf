"""``python -m marketplace.embedded run | manage … | with-postgres -- … | doctor | browser | erase``."""

import argparse
import shutil
import sys

from marketplace.embedded import commands, doctor, processes, stack
from marketplace.embedded.places import MARKER, data_dir
from marketplace.embedded.telling import CannotGoOn, say


def main(words: list[str]) -> int:
    """Do what the words ask and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m marketplace.embedded", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    run = parts.add_parser("run", help="start everything and stay until Ctrl-C")
    run.add_argument("--with-parent", type=int, metavar="PID", help="end when this process, our parent, ends")
    manage = parts.add_parser(
        "manage", help="run a management command on the embedded database", add_help=False
    )
    manage.add_argument("command", nargs=argparse.REMAINDER)
    beside = parts.add_parser("with-postgres", help="run a command beside a throw-away PostgreSQL")
    beside.add_argument("--durable", action="store_true", help="write as carefully as a real server")
    beside.add_argument("command", nargs=argparse.REMAINDER)
    parts.add_parser("doctor", help="say what this machine lacks")
    parts.add_parser("browser", help="install Chromium for the browser tests, where we may")
    parts.add_parser("erase", help="forget the database and all other data of the embedded project")
    asked = parser.parse_args(words)

    match asked.part:
        case "run":
            if asked.with_parent:
                processes.end_with_parent(asked.with_parent)
            return stack.run()
        case "manage":
            return commands.manage(asked.command)
        case "with-postgres":
            command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
            if not command:
                parser.error("which command? with-postgres -- COMMAND …")
            return commands.with_postgres(command, durable=asked.durable)
        case "doctor":
            return doctor.doctor()
        case "browser":
            return doctor.browser()
        case _:
            return erase()


def erase() -> int:
    """Delete the data folder, after making sure that it is ours and that nothing works in it."""
    data = data_dir()
    if not data.exists():
        say(f"there is nothing in {data}")
        return 0
    if not (data / MARKER).exists():
        raise CannotGoOn(f"{data} was there before us: remove from it what you do not need.")
    with stack.only_run(data):
        for home in data.glob("*/data/postmaster.pid"):
            if processes.working_in(home.parent):
                raise CannotGoOn(f"PostgreSQL works in {home.parent}: end what uses it first.")
    shutil.rmtree(data)
    say(f"erased {data}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotGoOn as reason:
        sys.exit(f"\n{reason}")
