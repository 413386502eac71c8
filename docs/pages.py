"""Pages made from what there is: reference, list of measures, gallery and tutorial."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FLOORS = {
    "read": "files become sound tables",
    "weigh": "who matters to whom, and how much",
    "measure": "numbers about regions",
    "classify": "numbers become a few named classes",
    "simulate": "what if: one thing changes, and what follows",
    "draw": "one map, on the web and in print",
    "report": "something to hand over",
}


def written(docs: Path) -> None:
    """Write every generated page into ``docs/generated``, afresh."""
    target = docs / "generated"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for floor, told in FLOORS.items():
        (target / f"{floor}.md").write_text(reference(floor, told), encoding="utf-8")
    (target / "measures.md").write_text(measures(), encoding="utf-8")
    (target / "tutorial.md").write_text(tutorial(docs / "tutorial.ipynb"), encoding="utf-8")
    scripts = sorted((docs.parent / "scripts").glob("*.py"))
    pictures = target / "pictures"
    pictures.mkdir()
    for script in scripts:
        picture = docs.parent / "maps" / f"{script.stem}.png"
        if picture.exists():
            shutil.copy(picture, pictures)
        (target / f"{script.stem}.md").write_text(story(script, drawn=picture.exists()), encoding="utf-8")
    (target / "gallery.md").write_text(gallery(scripts), encoding="utf-8")


def public(floor: str) -> dict[str, object]:
    """Return the public functions and classes of a floor by name."""
    module = import_module(f"geoinno.{floor}")
    things = {name: thing for name, thing in vars(module).items() if name[0] != "_"}
    return {n: t for n, t in sorted(things.items()) if inspect.isfunction(t) or inspect.isclass(t)}


def reference(floor: str, told: str) -> str:
    """Return the reference of a floor."""
    lines = [f"# gi.{floor}: {told}", "", "```{eval-rst}", f".. currentmodule:: geoinno.{floor}", ""]
    for name, thing in public(floor).items():
        lines += [f".. auto{'function' if inspect.isfunction(thing) else 'class'}:: {name}", ""]
    return "\n".join([*lines, "```", ""])


def measures() -> str:
    """Return the list of measures with what each does and the paper it follows."""
    rows = [
        "# The measures and their sources",
        "",
        "| measure | what it does | source |",
        "| --- | --- | --- |",
    ]
    for name, thing in public("measure").items():
        if inspect.isfunction(thing):
            text = inspect.getdoc(thing) or ""
            found = re.search(r"References\n-+\n(.+?)(?:\n[A-Z][\w'-]+, [A-Z]\.|\n\n|\Z)", text, re.DOTALL)
            source = " ".join(found[1].split()).replace("*", "").replace("|", r"\|") if found else ""
            rows.append(f"| `{name}` | {text.split(chr(10), 1)[0]} | {source} |")
    return "\n".join([*rows, ""])


def story(script: Path, *, drawn: bool) -> str:
    """Return a script as a page: its words, its code, its map."""
    parts = []
    for cell in re.split(r"^# %%", script.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = cell.partition("\n")
        if "[markdown]" in head:
            parts.append(re.sub(r"^# ?", "", body.strip(), flags=re.MULTILINE))
        else:
            words = [head.strip()] if head.strip() else []
            parts += [*words, f"```python\n{body.strip()}\n```"]
    if drawn:
        parts.append(f"![The map of this script](pictures/{script.stem}.png)")
    return "\n\n".join([*parts, ""])


def gallery(scripts: list[Path]) -> str:
    """Return the page that leads to all stories."""
    names = "\n".join(script.stem for script in scripts)
    words = "Each story is a script of at most 40 lines; `make maps` runs them all."
    return f"# Gallery\n\n{words}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"


def tutorial(notebook: Path) -> str:
    """Return the tutorial notebook as a page."""
    parts = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        parts.append(text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```")
    return "\n\n".join([*parts, ""])
