"""Run scripts side by side, each in a process of its own, and print what each says in their order.

    python docs/draw_maps.py scripts/*.py

Libraries are loaded once, by the server that every process is forked from. Started one by one, scripts of a
second would take two more to load the same.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import runpy
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor

FLOORS = ("read", "weigh", "measure", "classify", "simulate", "draw", "report")
LOADED = ["libpysal.graph", "matplotlib.figure", *(f"geoinno.{floor}" for floor in FLOORS)]


def run(script: str) -> tuple[bool, str]:
    """Run a script, and return whether it came to its end, and what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            runpy.run_path(script, run_name="__main__")
        except Exception:  # noqa: BLE001 - whatever it was, the other scripts go on
            traceback.print_exc()
            return False, printed.getvalue()
    return True, printed.getvalue()


def main(scripts: list[str]) -> None:
    """Run the scripts, on as many processors as there are."""
    begun = time.perf_counter()
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(LOADED)
    failed = []
    workers = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(workers, mp_context=server, max_tasks_per_child=1) as processes:
        for script, (ended, printed) in zip(scripts, processes.map(run, scripts), strict=True):
            print(script, printed, sep="\n", end="", flush=True)
            failed += [] if ended else [script]
    print(f"{len(scripts)} scripts in {time.perf_counter() - begun:.0f} s.")
    if failed:
        sys.exit(f"These failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
