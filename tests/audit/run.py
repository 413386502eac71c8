"""What is installed: licences, and known vulnerabilities of the pinned versions.

Run by `make audit`. It fails where a pinned version has a known vulnerability, or where a licence is
unknown or would bind the project.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What these cover may be used by a project under BSD-3-Clause; weak copyleft asks nothing of its users.
WELCOME = re.compile(
    r"BSD|MIT|Apache|ISC|Python Software Foundation|PSF|CNRI|Mozilla|MPL|HPND|Unlicense|Zlib|public domain"
    r"|CC0|LGPL|Lesser General Public",
    re.IGNORECASE,
)
CLOSED = re.compile(r"AGPL|Affero|(?<!L)GPL|(?<!Lesser )General Public|proprietary|commercial", re.IGNORECASE)
# Known by reading their licence files: their metadata say nothing.
READ = {"xstatic-leaflet": "BSD-2-Clause"}


def pinned():
    """Return the names and versions that constraints.txt pins."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [re.fullmatch(r"([\w.-]+)==([\w.+!-]+)", line.partition("#")[0].strip()) for line in lines]
    return dict(pair.groups() for pair in pairs if pair)


def needed(extras=("big", "econ", "fetch", "print", "tables")):
    """Return the packages that an installation with all extras for users brings."""
    from packaging.requirements import Requirement

    found, waiting = set(), [("geoinno", frozenset(extras))]
    while waiting:
        name, wanted = waiting.pop()
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            environments = [{"extra": extra} for extra in (*wanted, "")]
            asked = requirement.marker is None or any(map(requirement.marker.evaluate, environments))
            key = (re.sub(r"[-_.]+", "-", requirement.name).lower(), frozenset(requirement.extras))
            if asked and key[0] != "geoinno" and key not in found:
                found.add(key)
                waiting.append(key)
    return sorted({name for name, _ in found})


def licence(name):
    """Return what the metadata of an installed package say of its licence."""
    about = metadata.metadata(name)
    stated = about.get("License-Expression") or ""
    classes = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    brief = (about.get("License") or "").strip().partition("\n")[0][:60]
    return READ.get(name) or stated or ", ".join(classes) or brief


def unwelcome(names):
    """Return the packages whose licence is unknown, or forbids what the project's own allows."""
    stated = {name: licence(name) for name in names}
    return {
        name: words or "not stated"
        for name, words in stated.items()
        if not WELCOME.search(words) or (CLOSED.search(words) and not WELCOME.search(CLOSED.sub("", words)))
    }


def vulnerabilities(pip_audit):
    """Return known vulnerabilities of what is pinned, or nothing where the database cannot be reached."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("".join(f"{name}=={version}\n" for name, version in pinned().items()))
        file.flush()
        command = [pip_audit, "--requirement", file.name, "--no-deps", "--disable-pip", "--format", "json"]
        run = subprocess.run(
            [*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
        )
    try:
        checked = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    # What the database does not know at all was not looked up: it knows every package that can be installed.
    if all("skip_reason" in package for package in checked):
        return None
    return {p["name"]: [v["id"] for v in p["vulns"]] for p in checked if p.get("vulns")}


def main():
    """Report, and return 1 where something must be mended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pip-audit", help="the program that knows vulnerabilities")
    options = parser.parse_args()
    names = needed()
    print(f"{len(names)} packages are needed by an installation with all extras.")
    bad = unwelcome(names)
    for name, words in bad.items():
        print(f"licence of {name}: {words}")
    print("Licences: all allow what the project's own allows." if not bad else "Licences: see above.")
    found = vulnerabilities(options.pip_audit) if options.pip_audit else None
    if found is None:
        print("Vulnerabilities: not checked, as their database cannot be reached from here.")
    for name, ids in (found or {}).items():
        print(f"vulnerability of {name} {pinned()[name]}: {', '.join(ids)}")
    if found == {}:
        print(f"Vulnerabilities: none is known of the {len(pinned())} versions that constraints.txt pins.")
    return int(bool(bad or found))


if __name__ == "__main__":
    sys.exit(main())
