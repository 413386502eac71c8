"""Pages made from what there is: reference, list of measures, gallery, and what assistants read."""

from __future__ import annotations

import inspect
import re
import shutil
from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FLOORS = {
    "read": "files become sound tables",
    "weigh": "who matters to whom, and how much",
    "measure": "numbers about regions",
    "classify": "numbers become a few named classes",
    "simulate": "what would change, before and after",
    "draw": "one map, on the web and in print",
    "report": "something to hand over",
}
# Pages that are notebooks, or generated.
FURTHER = {
    "tutorial.html": "Tutorial: the poles of Central Asia and the spaces between",
    "generated/gallery.html": "Gallery",
    "generated/measures.html": "The measures and their sources",
    "generated/one_page.html": "The reference on one page",
}
SUMMARY = """# geoinno

> A Python toolkit for the spatial analysis of agglomeration and border effects in regional innovation: tables
> of regions in, tables and maps out. `import geoinno as gi`; a call reads as a sentence:
> `gi.measure.moran(values, weights)`.

- Data climb through the floors read, weigh, measure, classify, simulate, draw, report.
- Values are Series indexed by region id; rows are matched by id, never by position.
- Options are keyword-only; `seed=0` by default; p-values are two-sided, local tables carry q-values.
- Results are frozen dataclasses whose `str()` says them in words; drawing functions take results.
- Wrong input is refused by a `GeoinnoError` that names the column, the first regions and what helps.
- On the command line: `geoinno samples | check | fetch | map | atlas`, each with `--help`.
- The whole reference in one text: llms-full.txt
"""


def floors() -> dict[str, str]:
    """Return the floors that there are, with what each is for."""
    return {floor: words for floor, words in FLOORS.items() if find_spec(f"geoinno.{floor}")}


def write(docs: Path) -> None:
    """Write every generated page into ``docs/generated``, afresh."""
    target = docs / "generated"
    shutil.rmtree(target, ignore_errors=True)
    for folder in ("reference", "pictures", "extra"):
        (target / folder).mkdir(parents=True)
    pages = {f"reference/{i}_{floor}": reference(floor) for i, floor in enumerate(floors(), start=1)}
    pages |= {"measures": measures(), "one_page": one_page()}
    maps = docs.parent / "maps"
    scripts = sorted((docs.parent / "scripts").glob("*.py"))
    for script in scripts:
        pages[script.stem] = story(script, drawn=(maps / f"{script.stem}.html").exists())
        if (maps / f"{script.stem}.png").exists():
            shutil.copy(maps / f"{script.stem}.png", target / "pictures")
    pages["gallery"] = gallery(scripts)
    for name, text in pages.items():
        (target / f"{name}.md").write_text(text, encoding="utf-8")
    (target / "extra" / "llms.txt").write_text(summary(docs), encoding="utf-8")
    (target / "extra" / "llms-full.txt").write_text(whole_text(), encoding="utf-8")


def public(floor: str) -> dict[str, object]:
    """Return the public functions and classes of a floor by name."""
    module = import_module(f"geoinno.{floor}")
    things = {name: thing for name, thing in vars(module).items() if name[0] != "_"}
    return {n: t for n, t in sorted(things.items()) if inspect.isfunction(t) or inspect.isclass(t)}


def reference(floor: str, *, index: bool = True) -> str:
    """Return the reference of a floor; without ``index`` nothing links to its entries."""
    lines = [f"# gi.{floor}: {FLOORS[floor]}", "", "```{eval-rst}", f".. currentmodule:: geoinno.{floor}", ""]
    for name, thing in public(floor).items():
        lines.append(f".. auto{'function' if inspect.isfunction(thing) else 'class'}:: {name}")
        lines += [] if index else ["   :no-index:"]
        lines.append("")
    return "\n".join([*lines, "```", ""])


def one_page() -> str:
    """Return the reference of all floors on a page."""
    parts = [re.sub("^# ", "## ", reference(floor, index=False)) for floor in floors()]
    return "\n".join(["# The reference on one page", "", *parts])


def measures() -> str:
    """Return the list of measures with what each does and the paper it follows, each linked."""
    rows = [
        "# The measures and their sources",
        "",
        "| measure | what it does | source |",
        "| --- | --- | --- |",
    ]
    for name, thing in public("measure").items():
        if inspect.isfunction(thing):
            source = first_reference(inspect.getdoc(thing) or "").replace("|", r"\|")
            link = f"{{py:func}}`~geoinno.measure.{name}`"
            rows.append(f"| {link} | {first_line(thing)} | {source} |")
    return "\n".join([*rows, ""])


def first_line(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n", 1)[0]


def first_reference(text: str) -> str:
    """Return the first reference of a docstring."""
    found = re.search(r"References\n-+\n(.+?)(?:\n[A-Z][\w'-]+, [A-Z]\.|\n\n|\Z)", text, re.DOTALL)
    return " ".join(found[1].split()).replace("*", "") if found else ""


def story(script: Path, *, drawn: bool) -> str:
    """Return a script as a page: its words, its code, its live map."""
    parts = []
    for cell in re.split(r"^# %%", script.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = cell.partition("\n")
        if "[markdown]" in head:
            parts.append(re.sub(r"^# ?", "", body.strip(), flags=re.MULTILINE))
        else:
            words = [head.strip()] if head.strip() else []
            parts += [*words, f"```python\n{body.strip()}\n```"]
    if drawn:
        frame = (
            f'<iframe class="live" src="../{script.stem}.html" title="{escape(heading(script))}"></iframe>'
        )
        parts.append(f"```{{raw}} html\n{frame}\n```")
    return "\n\n".join([*parts, ""])


def heading(script: Path) -> str:
    """Return the title of a script."""
    found = re.search(r"^# # (.+)$", script.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].strip() if found else script.stem


def gallery(scripts: list[Path]) -> str:
    """Return the page of thumbnails that leads to all stories."""
    cards = [
        f'<a href="{script.stem}.html">{thumbnail(script)}<span>{escape(heading(script))}</span></a>'
        for script in scripts
    ]
    words = "Each story is a script of at most 40 lines, with a live map; `make maps` runs them all."
    html = "\n".join(['<div class="gallery">', *cards, "</div>"])
    names = "\n".join(script.stem for script in scripts)
    contents = f"```{{toctree}}\n:hidden:\n:maxdepth: 1\n\n{names}\n```"
    return f"# Gallery\n\n{words}\n\n```{{raw}} html\n{html}\n```\n\n{contents}\n"


def thumbnail(script: Path) -> str:
    """Return the picture of a script's map, where it has been drawn."""
    drawn = (script.parents[1] / "maps" / f"{script.stem}.png").exists()
    return f'<img src="../{script.stem}.png" alt="" loading="lazy">' if drawn else ""


def summary(docs: Path) -> str:
    """Return what assistants read first: what the package is, its pages and its functions."""
    lines = [SUMMARY, "## Pages", ""]
    for page in sorted([*docs.glob("*.md"), *docs.glob("questions/*.md")]):
        title = re.search(r"^# (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        address = page.relative_to(docs).with_suffix(".html").as_posix()
        lines.append(f"- [{title[1] if title else page.stem}]({address})")
    lines += [f"- [{title}]({address})" for address, title in FURTHER.items()]
    for floor, words in floors().items():
        lines += ["", f"## gi.{floor}: {words}", ""]
        lines += [f"- `{name}`: {first_line(thing)}" for name, thing in public(floor).items()]
    return "\n".join([*lines, ""])


def whole_text() -> str:
    """Return the whole reference as one text: every signature with its docstring."""
    parts = [SUMMARY]
    for floor, words in floors().items():
        parts.append(f"# gi.{floor}: {words}")
        for name, thing in public(floor).items():
            signature = str(inspect.signature(thing)) if callable(thing) else ""
            parts.append(f"## gi.{floor}.{name}{signature}\n\n{inspect.getdoc(thing) or ''}")
    return "\n\n".join([*parts, ""])
