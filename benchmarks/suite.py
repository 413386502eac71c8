"""All kernels beside all peers in one run: seconds, memory, ratios, growth, agreement; and two runs compared.

    python benchmarks/suite.py --output bench.json [--largest 100000] [--kernel "contiguity, queen" ...]
    python benchmarks/suite.py --busy 2 --largest 100000 --output busy.json
    python benchmarks/suite.py --compare before.json after.json
    python benchmarks/suite.py --needed --output 1.json
    python benchmarks/suite.py --goals 1.json 2.json 3.json

Each case runs in a process of its own, so that memory is that of the case and nobody pays for another's
imports; the median of three calls counts, after one on fewer regions that compiles. Memory is what
the calls need beyond the data and the libraries. A ~ marks sums over all pairs, timed on 1,000 rows and
scaled up, with the best of three sizes of blocks. With --busy, every case runs once more beside as many
processes that never rest, and the slow-down stands in its row. Files hold the machine beside the numbers:
only ratios of one run may be compared between machines. The picture goes beside the file.

With --needed, only those cases run that tell whether the goals (goals.py) are reached; --goals says what
runs reached, of which the worst counts. The exit status is 1 where a side differs from ours, where --compare
finds a kernel that became worse, and where --goals finds a goal that was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median

import goals
import results
from goals import OURS

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
    "gegravity",
    "convergence-clubs",
)
REPEATS, LONG_S = 3, 3.0  # calls that count, unless they have taken so long already
LIMIT_S = 900
# Should the run be killed, they end with it.
RESTLESS = "import os, sys\nwhile os.getppid() == int(sys.argv[1]): sum(range(10**5))"


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
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": os.getloadavg()[0],
        "packages": known,
    }


def run_case(kernel, side, count):
    """Run one case in this process and print what it took."""
    from cases import KERNELS
    from peers import Timed

    warnings.simplefilter("ignore")
    case = KERNELS[kernel]
    work = case.sides[side]
    called(work, case.lay_out(min(count, case.warm)), Timed)  # imports and compiles
    laid = case.lay_out(count)
    before = memory_since_now()
    seconds = []
    while len(seconds) < REPEATS and sum(seconds) < LONG_S:
        took, answer = called(work, laid, Timed)
        seconds.append(took)
    found = {
        "seconds": median(seconds),
        "megabytes": status("VmHWM") - before,
        "process_megabytes": status("VmHWM"),
        "answer": list(map(float, answer)),
    }
    print(json.dumps(found))


def memory_since_now():
    """Return the memory of this process, and have the system record the most of it anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def status(key):
    """Return an entry of the state of this process, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:"))


def called(work, laid, timed):
    """Return seconds and answer of a call, those of the side itself where it runs elsewhere."""
    start = time.perf_counter()
    answer = work(laid)
    if isinstance(answer, timed):
        return answer.seconds, answer.answer
    return time.perf_counter() - start, answer


def case_in_process(kernel, side, count):
    """Return what a case took, or why there is nothing."""
    from peers import is_installed

    if not is_installed(side):
        return {"absent": True}
    command = [sys.executable, __file__, "--case", kernel, side, str(count)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {LIMIT_S} s"}
    except subprocess.CalledProcessError as error:
        return {"failed": (error.stderr.strip().splitlines() or ["no reason given"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextmanager
def restless(count):
    """Keep ``count`` processes busy for a while."""
    command = [sys.executable, "-c", RESTLESS, str(os.getpid())]
    busy = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield busy
    finally:
        for process in busy:
            process.kill()
            process.wait()


def run(options):
    """Return a row for each case, printed as it is done."""
    from cases import KERNELS

    rows, wanted = [], goals.needed()
    for name in options.kernel or KERNELS:
        for count in [n for n in KERNELS[name].sizes if n <= options.largest]:
            sides = wanted.get((name, count), []) if options.needed else list(KERNELS[name].sides)
            rows += run_sides(name, count, sides, busy=options.busy)
    return rows


def run_sides(name, count, sides, *, busy):
    """Return the rows of some sides of a kernel at one size, ours first."""
    from cases import KERNELS, SEEDS

    case, rows, answers = KERNELS[name], [], {}
    for side in [side for side in case.sides if side in sides and count <= case.largest.get(side, count)]:
        row = {"kernel": name, "side": side, "n": count, **case_in_process(name, side, count)}
        answers[side] = row.pop("answer", None)
        if side not in {OURS, SEEDS} and case.agree and answers.get(OURS) and answers[side]:
            verdict = case.agree(answers[OURS], answers[side], answers.get(SEEDS))
            row |= {} if verdict is None else asdict(verdict)
        rows.append(row)
        if "seconds" in row and "seconds" in rows[0]:
            row["ratio"] = row["seconds"] / rows[0]["seconds"]
        if "seconds" in row and busy:
            row |= slowdown(row, busy)
        print(results.line(row), flush=True)
    return rows


def slowdown(row, busy):
    """Return how many times longer a case takes beside busy processes."""
    with restless(busy):
        found = case_in_process(row["kernel"], row["side"], row["n"])
    return {"slowdown": found["seconds"] / row["seconds"]} if "seconds" in found else found


def measure(options):
    """Run, print and write everything, and return whether a side differs from ours."""
    state = machine()
    rows = run(options)
    steps = results.growth(rows)
    for words in [*map(results.growth_line, steps), *results.busy_lines(rows)]:
        print(words)
    found = {"machine": state, "busy": options.busy, "rows": rows, "growth": steps}
    options.output.write_text(json.dumps(found, indent=1))
    results.picture(rows, options.output.with_suffix(".png"))
    return any(row.get("agrees") is False for row in rows)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--output", type=Path, default=Path("bench.json"))
    ask.add_argument("--largest", type=lambda text: int(float(text)), default=1_000_000)
    ask.add_argument("--kernel", nargs="+")
    ask.add_argument("--busy", type=int, default=0, metavar="K")
    ask.add_argument("--needed", action="store_true")
    ask.add_argument("--compare", nargs=2, metavar=("BEFORE", "AFTER"))
    ask.add_argument("--goals", nargs="+", metavar="FILE")
    ask.add_argument("--case", nargs=3, help=argparse.SUPPRESS)
    options = ask.parse_args()
    if options.case:
        kernel, side, count = options.case
        run_case(kernel, side, int(count))
    elif options.compare:
        sys.exit(results.compare(*options.compare) > 0)
    elif options.goals:
        sys.exit(goals.judge(options.goals) > 0)
    else:
        sys.exit(measure(options))


if __name__ == "__main__":
    main()
