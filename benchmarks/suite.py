"""All kernels beside all peers in one run: seconds, memory, ratios, growth, agreement; and two runs compared.

    python benchmarks/suite.py --output bench.json [--largest 100000] [--kernel "contiguity, queen" ...]
    python benchmarks/suite.py --compare before.json after.json

Each case runs in a process of its own, so that memory is that of the case and nobody pays for another's
imports; the median of three calls counts, after one that compiles. Files hold the machine beside the numbers:
only ratios of one run may be compared between machines. The picture goes beside the file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
import warnings
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median

PACKAGES = (
    "geoinno",
    "numpy",
    "numba",
    "scipy",
    "libpysal",
    "esda",
    "pygeoda",
    "scikit-learn",
    "pyfixest",
    "spint",
)
SLOWER = 1.25  # a ratio of two runs of one machine beyond which a kernel counts as slower
REPEATS, LONG_S = 3, 3.0  # calls that count, unless they have taken so long already
LIMIT_S = 900


def machine():
    """Return what the numbers depend on."""
    cpu = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    known = {}
    for package in PACKAGES:
        try:
            known[package] = version(package)
        except ImportError:
            known[package] = "not installed"
    return {
        "cpu": cpu[0] if cpu else platform.processor(),
        "processors": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": os.getloadavg()[0],
        "packages": known,
    }


def run_case(kernel, side, count):
    """Run one case in this process and print what it took."""
    from cases import KERNELS, Timed

    warnings.simplefilter("ignore")
    case = KERNELS[kernel]
    laid, work = case.lay_out(count), case.sides[side]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    called(work, laid, Timed)  # compiles
    seconds = []
    while len(seconds) < REPEATS and sum(seconds) < LONG_S:
        took, answer = called(work, laid, Timed)
        seconds.append(took)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {
        "seconds": median(seconds),
        "megabytes": (after - before) / 1024,
        "answer": list(map(float, answer)),
    }
    print(json.dumps(found))


def called(work, laid, timed):
    """Return seconds and answer of a call, those of the side itself where it runs elsewhere."""
    start = time.perf_counter()
    answer = work(laid)
    if isinstance(answer, timed):
        return answer.seconds, answer.answer
    return time.perf_counter() - start, answer


def case_in_process(kernel, side, count):
    """Return what a case took, or why there is nothing."""
    command = [sys.executable, __file__, "--case", kernel, side, str(count)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {LIMIT_S} s"}
    except subprocess.CalledProcessError as error:
        return {"failed": (error.stderr.strip().splitlines() or ["no reason given"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def run(kernels, largest):
    """Return a row for each case, printed as it is done."""
    from cases import KERNELS

    rows = []
    for name in kernels or KERNELS:
        for count in [n for n in KERNELS[name].sizes if n <= largest]:
            rows += run_sides(name, KERNELS[name], count)
    return rows


def run_sides(name, case, count):
    """Return the rows of all sides of a kernel at one size, ours first."""
    from cases import OURS, SEEDS

    rows, answers = [], {}
    for side in [side for side in case.sides if count <= case.largest.get(side, count)]:
        row = {"kernel": name, "side": side, "n": count, **case_in_process(name, side, count)}
        answers[side] = row.pop("answer", None)
        if side not in {OURS, SEEDS} and case.agree and answers[OURS] and answers[side]:
            row["agrees"] = case.agree(answers[OURS], answers[side], answers.get(SEEDS))
        rows.append(row)
        if "seconds" in row and "seconds" in rows[0]:
            row["ratio"] = row["seconds"] / rows[0]["seconds"]
        print(line(row), flush=True)
    return rows


def line(row):
    """Return a row as a line of a table."""
    head = f"{row['kernel']:<30} {row['n']:>9,} {row['side']:<17}"
    if "failed" in row:
        return f"{head} {row['failed']}"
    words = {True: "agrees", False: "differs", None: ""}[row.get("agrees")]
    return (
        f"{head} {row['seconds']:>10.4f} s {row['megabytes']:>7.0f} MB {row.get('ratio', 1):>8.1f} x  {words}"
    )


def growth(rows):
    """Return the exponent of growth of our seconds between the two largest sizes of each kernel."""
    found = {}
    for row in rows:
        if row["side"] == "geoinno" and "seconds" in row:
            found.setdefault(row["kernel"], []).append(row)
    import math

    return {
        name: math.log(b["seconds"] / a["seconds"]) / math.log(b["n"] / a["n"])
        for name, points in found.items()
        for a, b in list(pairwise(points))[-1:]
    }


def picture(rows, path):
    """Draw seconds by size, a panel for each kernel."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(row["kernel"] for row in rows))
    figure, panels = plt.subplots(
        -(-len(names) // 2), 2, figsize=(11, 3 * -(-len(names) // 2)), squeeze=False
    )
    for panel in panels.flat[len(names) :]:
        panel.set_axis_off()
    for panel, name in zip(panels.flat, names, strict=False):
        for side in dict.fromkeys(row["side"] for row in rows if row["kernel"] == name):
            points = [r for r in rows if (r["kernel"], r["side"]) == (name, side) and "seconds" in r]
            wide = 2.5 if side == "geoinno" else 1.2
            panel.loglog(
                [r["n"] for r in points], [r["seconds"] for r in points], "o-", lw=wide, ms=4, label=side
            )
        panel.set_title(name, loc="left", fontsize=10)
        panel.set_ylabel("seconds")
        panel.grid(alpha=0.3)
        panel.legend(fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=130)


def compare(before, after):
    """Print what became slower or came to differ, and return how many cases did."""
    old, new = (json.loads(Path(path).read_text()) for path in (before, after))
    same = old["machine"]["cpu"] == new["machine"]["cpu"]
    key = "seconds" if same else "ratio"
    was = {(r["kernel"], r["side"], r["n"]): r for r in old["rows"]}
    worse = 0
    for row in new["rows"]:
        past = was.get((row["kernel"], row["side"], row["n"]), {})
        if row.get("agrees") is False or ("failed" in row and "failed" not in past):
            worse += 1
            print(f"fails:  {line(row)}")
        elif change(past, row, key) > SLOWER:
            worse += 1
            print(f"slower: {line(row)} (was {past[key]:.4g})")
    print(f"{worse} of {len(new['rows'])} cases are worse, by {key}.")
    return worse


def change(past, row, key):
    """Return how many times worse a row is: our seconds on one machine, the peers' ratios on two."""
    if key not in past or key not in row:
        return 0.0
    if key == "seconds":
        return row[key] / past[key] if row["side"] == "geoinno" else 0.0
    return past[key] / row[key]


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--output", type=Path, default=Path("bench.json"))
    ask.add_argument("--largest", type=lambda text: int(float(text)), default=1_000_000)
    ask.add_argument("--kernel", nargs="+")
    ask.add_argument("--compare", nargs=2, metavar=("BEFORE", "AFTER"))
    ask.add_argument("--case", nargs=3, help=argparse.SUPPRESS)
    options = ask.parse_args()
    if options.case:
        kernel, side, count = options.case
        run_case(kernel, side, int(count))
    elif options.compare:
        sys.exit(compare(*options.compare) > 0)
    else:
        state = machine()
        rows = run(options.kernel, options.largest)
        exponents = growth(rows)
        for name, exponent in exponents.items():
            print(f"{name:<30} grows with n to the power {exponent:.2f}")
        options.output.write_text(json.dumps({"machine": state, "rows": rows, "growth": exponents}, indent=1))
        picture(rows, options.output.with_suffix(".png"))
        sys.exit(any(row.get("agrees") is False for row in rows))


if __name__ == "__main__":
    main()
