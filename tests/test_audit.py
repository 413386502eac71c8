"""The audit: licences are read, and vulnerabilities are reported, or said not to have been looked up."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

PATH = Path(__file__).parent / "audit" / "run.py"


@pytest.fixture(scope="module")
def audit():
    found = importlib.util.spec_from_file_location("audit_run", PATH)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def program(folder, report):
    """Return a program that prints a report as pip-audit does."""
    path = folder / "pip-audit"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{report}\nEND\n")
    path.chmod(0o755)
    return str(path)


def test_every_package_that_users_get_has_a_licence_that_lets_the_project_be_passed_on(audit):
    names = audit.needed()
    assert {"numpy", "shapely", "folium", "matplotlib", "urllib3"} <= set(names)
    assert audit.unwelcome(names) == {}


@pytest.mark.parametrize(
    ("words", "bad"),
    [
        ("MIT License", False),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GPL-3.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("", True),
    ],
)
def test_licences_that_bind_the_project_and_unknown_ones_are_named(audit, monkeypatch, words, bad):
    monkeypatch.setattr(audit, "licence", lambda _: words)
    assert bool(audit.unwelcome(["some"])) == bad


def test_vulnerabilities_are_reported_and_a_database_out_of_reach_is_no_clean_bill(audit, tmp_path):
    name = next(iter(audit.pinned()))
    known = {"dependencies": [{"name": name, "version": "1", "vulns": [{"id": "CVE-1"}]}]}
    clean = {"dependencies": [{"name": name, "version": "1", "vulns": []}]}
    skipped = {"dependencies": [{"name": name, "skip_reason": "not found"}]}
    assert audit.vulnerabilities(program(tmp_path, json.dumps(known))) == {name: ["CVE-1"]}
    assert audit.vulnerabilities(program(tmp_path, json.dumps(clean))) == {}
    assert audit.vulnerabilities(program(tmp_path, json.dumps(skipped))) is None
    assert audit.vulnerabilities(program(tmp_path, "no connection")) is None
