"""Refresh or check the third-party files under ``static/vendor``.

Without arguments, fetch each package named in ``static/vendor/vendor.json`` with ``npm pack``, compare it with the
integrity written there, and copy only the files we serve, changed as that file says. With ``--check``, use no network:
compare the committed files with their sha256, and look in our templates for a class or an icon that we left out.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LIST = VENDOR / "vendor.json"
Package = dict[str, Any]


class VendorProblem(Exception):
    """The files, the list or our templates disagree."""


# --- Cutting a stylesheet ----------------------------------------------------------------------------------


def skip_string(css: str, start: int) -> int:
    """This function will return the place of the quote that closes the one at ``start``."""
    end = start + 1
    while css[end] != css[start]:
        end += 2 if css[end] == "\\" else 1
    return end


def statements(css: str) -> Iterator[tuple[str, str | None]]:
    """This function will yield each (prelude, body) of a comment-free stylesheet; body is None without braces."""
    start = place = 0
    while place < len(css):
        if css[place] in "\"'":
            place = skip_string(css, place)
        elif css[place] == ";":
            yield css[start:place].strip(), None
            start = place + 1
        elif css[place] == "{":
            prelude, inside, depth = css[start:place].strip(), place + 1, 1
            while depth:
                place += 1
                if css[place] in "\"'":
                    place = skip_string(css, place)
                else:
                    depth += {"{": 1, "}": -1}.get(css[place], 0)
            yield prelude, css[inside:place]
            start = place + 1
        place += 1


def selectors(prelude: str) -> list[str]:
    """This function will split a selector list at the commas that stand outside brackets."""
    parts, depth = [""], 0
    for letter in prelude:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def is_dropped(name: str, drop: list[str]) -> bool:
    """This function will tell whether a class is one of ``drop``, or begins with one of them and a dash."""
    return any(name == one or name.startswith(f"{one}-") for one in drop)


def needs_dropped(selector: str, drop: list[str]) -> bool:
    """This function will tell whether a selector can only match an element of a dropped class."""
    certain = re.sub(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)", "", selector)
    return any(is_dropped(name, drop) for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", certain))


def cut(css: str, drop: list[str]) -> str:
    """This function will return the statements of ``css`` left without dropped classes and font faces."""
    kept = []
    for prelude, body in statements(css):
        if body is None:
            kept.append(f"{prelude};")
        elif prelude == "@font-face":
            continue
        elif prelude.startswith("@") and "keyframes" not in prelude:
            if inner := cut(body, drop):
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        elif left := [one for one in selectors(prelude) if not needs_dropped(one, drop)]:
            kept.append(f"{','.join(left)}{{{body}}}")
    return "".join(kept)


def cut_stylesheet(data: bytes, package: Package) -> bytes:
    """This function will leave out of a stylesheet the components, fonts, comments and animations we do not use."""
    text = data.decode("utf-8-sig")
    licence = text[: text.index("*/") + 2]
    css = cut(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL), package["drop_classes"])
    for name in set(re.findall(r"@(?:-webkit-)?keyframes ([\w-]+)", css)):
        if not re.search(rf"animation(?:-name)?:[^;}}]*\b{name}\b", css):
            css = re.sub(rf"@(?:-webkit-)?keyframes {name}\{{(?:[^{{}}]*\{{[^{{}}]*\}})*[^{{}}]*\}}", "", css)
    return f"{licence}\n/* Cut by scripts/vendor.py: see vendor.json. */\n{css}\n".encode()


def cut_sprite(data: bytes, package: Package) -> bytes:
    """This function will keep in a sheet of symbols only the icons we use."""
    symbols = re.findall(r"<symbol[^>]*\bid=\"([^\"]+)\".*?</symbol>", data.decode(), flags=re.DOTALL)
    if missing := set(package["keep_icons"]) - set(symbols):
        raise VendorProblem(f"No such icon: {', '.join(sorted(missing))}.")
    text = re.sub(
        r"<symbol[^>]*\bid=\"([^\"]+)\".*?</symbol>\s*",
        lambda match: match[0] if match[1] in package["keep_icons"] else "",
        data.decode(),
        flags=re.DOTALL,
    )
    return text.encode()


CHANGES: dict[str, Callable[[bytes, Package], bytes]] = {
    "cut_stylesheet": cut_stylesheet,
    "cut_sprite": cut_sprite,
}


# --- Refresh -----------------------------------------------------------------------------------------------


def packed(package: Package, into: Path) -> Path:
    """This function will fetch a package and return its archive, once its integrity is the one we wrote down.

    :raises VendorProblem: when the archive is another one.
    """
    wanted = f"{package['name']}@{package['version']}"
    told = subprocess.run(
        ["npm", "pack", wanted, "--json", "--pack-destination", str(into)],
        check=True,
        capture_output=True,
        text=True,
    )
    archive = into / Path(json.loads(told.stdout)[0]["filename"]).name
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if package["integrity"] != f"sha512-{digest}":
        raise VendorProblem(f"{wanted} is not the package we know: sha512-{digest}.")
    return archive


def refresh() -> None:
    """This function will write the served files anew and their sha256 into the list."""
    packages = json.loads(LIST.read_text())
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            with tarfile.open(packed(package, Path(folder))) as archive:
                for file in package["files"]:
                    member = archive.extractfile(f"package/{file['from']}")
                    if member is None:
                        raise VendorProblem(f"{package['name']} has no {file['from']}.")
                    data = member.read()
                    if change := file.get("change"):
                        data = CHANGES[change](data, package)
                    target = VENDOR / package["directory"] / file["path"]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(data)
                    file["sha256"] = hashlib.sha256(data).hexdigest()
    LIST.write_text(json.dumps(packages, indent=2) + "\n")


# --- Check -------------------------------------------------------------------------------------------------


def file_problems(packages: list[Package]) -> Iterator[str]:
    """This function will tell each difference between the list and the committed files."""
    listed = {LIST}
    for package in packages:
        for file in package["files"]:
            path = VENDOR / package["directory"] / file["path"]
            listed.add(path)
            if not path.exists():
                yield f"{path.relative_to(ROOT)} is missing."
            elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                yield f"{path.relative_to(ROOT)} is not the file we vendored."
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path not in listed:
            yield f"{path.relative_to(ROOT)} is not in the list."


def template_problems(packages: list[Package]) -> Iterator[str]:
    """This function will tell each class and icon that a template asks for and the cut left out."""
    drop = [name for package in packages for name in package.get("drop_classes", [])]
    icons = {name for package in packages for name in package.get("keep_icons", [])}
    for template in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]:
        text, where = template.read_text(), template.relative_to(ROOT)
        for value in re.findall(r"class=\"([^\"]*)\"", text):
            for name in re.sub(r"{[%{].*?[%}]}", " ", value).split():
                if is_dropped(name, drop):
                    yield f"{where}: the class {name} is cut out of our stylesheet."
        for name in re.findall(r"(?:\.svg'? ?%}#|name=\")(it-[\w-]+)", text):
            if name not in icons:
                yield f"{where}: the icon {name} is cut out of our sprite."


def main() -> int:
    """This function will do what the command line asks and return the exit status."""
    parser = argparse.ArgumentParser(description="Refresh or check static/vendor.")
    parser.add_argument("--check", action="store_true", help="compare, without writing and without a network")
    if not parser.parse_args().check:
        try:
            refresh()
        except VendorProblem as refusal:
            sys.stderr.write(f"{refusal}\n")
            return 1
    packages = json.loads(LIST.read_text())
    found = sorted([*file_problems(packages), *template_problems(packages)])
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
