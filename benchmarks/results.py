"""What a run says: a line for each row, how seconds grow, a picture, and two runs compared.

A row is a dictionary as it is written to JSON: kernel, side and n; then seconds, megabytes, the ratio of its
seconds to ours, whether it agrees with us and the p-value of that, and how many times slower it was beside
busy processes; or the reason why there is nothing.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from statistics import median

SLOWER = 1.25  # a ratio of two runs of one machine beyond which a kernel counts as slower
STEEPEST = 1.1  # the exponent of n, beside a factor log n, that no kernel should exceed
LARGE = 10_000  # regions from which on fixed costs no longer hide the growth


def line(row):
    """Return a row as a line of a table."""
    head = f"{row['kernel']:<40} {row['n']:>9,} {row['side']:<24}"
    if "seconds" not in row:
        return f"{head} {row.get('failed', 'not installed')}"
    words = {True: "agrees", False: "DIFFERS", None: ""}[row.get("agrees")]
    chance = f" (p = {row['p']:.2g})" if row.get("p") is not None else ""
    busy = f"{row['slowdown']:>6.2f} x when busy" if "slowdown" in row else ""
    took = f"{row['seconds']:>10.4f} s {row['megabytes']:>6.0f} MB {row.get('ratio', 1):>8.1f} x"
    return f"{head} {took} {busy} {words}{chance}".rstrip()


def growth(rows):
    """Return how seconds grow between the two largest sizes, for each kernel and side.

    ``exponent`` is that of n, ``beyond_log`` that of n beside a factor log n, as a sort or a tree has it.
    """
    points = {}
    for row in rows:
        if "seconds" in row:
            points.setdefault((row["kernel"], row["side"]), []).append(row)
    return [
        {"kernel": kernel, "side": side, "from": a["n"], "to": b["n"], **exponents(a, b)}
        for (kernel, side), of_side in points.items()
        for a, b in list(pairwise(of_side))[-1:]
    ]


def exponents(a, b):
    steps = math.log(b["n"] / a["n"])
    plain = math.log(b["seconds"] / a["seconds"]) / steps
    return {"exponent": plain, "beyond_log": plain - math.log(math.log(b["n"]) / math.log(a["n"])) / steps}


def growth_line(row):
    """Return a sentence on growth, marked where ours is steeper than it should be between large sizes."""
    steep = row["side"] == "geoinno" and row["from"] >= LARGE and row["beyond_log"] > STEEPEST
    words = (
        f"n^{row['exponent']:.2f}, or n^{row['beyond_log']:.2f} log n, from {row['from']:,} to {row['to']:,}"
    )
    return f"{row['kernel']:<40} {row['side']:<24} grows as {words}{'  STEEP' * steep}"


def busy_lines(rows):
    """Return how many times slower each side became beside busy processes, in the middle and at worst."""
    found = {}
    for row in rows:
        if "slowdown" in row:
            found.setdefault(row["side"], []).append(row["slowdown"])
    return [
        f"{side:<24} {median(times):.2f} times slower beside busy processes (median; worst {max(times):.2f})"
        for side, times in found.items()
    ]


def picture(rows, path):
    """Draw seconds by size, a panel for each kernel."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(row["kernel"] for row in rows))
    deep = -(-len(names) // 2)
    figure, panels = plt.subplots(deep, 2, figsize=(11, 3 * deep), squeeze=False)
    for panel in panels.flat[len(names) :]:
        panel.set_axis_off()
    for panel, name in zip(panels.flat, names, strict=False):
        draw_panel(panel, [row for row in rows if row["kernel"] == name and "seconds" in row])
        panel.set_title(name, loc="left", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    plt.close(figure)


def draw_panel(panel, rows):
    for side in dict.fromkeys(row["side"] for row in rows):
        n, seconds = zip(*[(r["n"], r["seconds"]) for r in rows if r["side"] == side], strict=True)
        panel.loglog(n, seconds, "o-", lw=2.5 if side == "geoinno" else 1.2, ms=4, label=side)
    panel.set(xlabel="n", ylabel="seconds")
    panel.grid(alpha=0.3)
    if rows:
        panel.legend(fontsize=8, frameon=False)


def compare(before, after):
    """Print what became slower or came to differ, and return how many cases did."""
    old, new = (json.loads(Path(path).read_text()) for path in (before, after))
    same = old["machine"]["cpu"] == new["machine"]["cpu"]
    key = "seconds" if same else "ratio"
    was = {identity(row): row for row in old["rows"]}
    worse = 0
    for row in new["rows"]:
        past = was.get(identity(row), {})
        if row.get("agrees") is False or ("failed" in row and "failed" not in past):
            worse += 1
            print(f"fails:  {line(row)}")
        elif change(past, row, key) > SLOWER:
            worse += 1
            print(f"slower: {line(row)} (was {past[key]:.4g})")
    gone = was.keys() - {identity(row) for row in new["rows"]}
    print(f"{worse} of {len(new['rows'])} cases are worse, by {key}; {len(gone)} of before were not run.")
    return worse


def identity(row):
    return row["kernel"], row["side"], row["n"]


def change(past, row, key):
    """Return how many times worse a row is: our seconds on one machine, the peers' ratios on two."""
    if key not in past or key not in row:
        return 0.0
    if key == "seconds":
        return row[key] / past[key] if row["side"] == "geoinno" else 0.0
    return past[key] / row[key]
