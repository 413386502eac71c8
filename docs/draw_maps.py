"""Run scripts side by side, each in a process of its own, and print what each says in their order.

    python docs/draw_maps.py scripts/*.py

Libraries are loaded once: every process begins as a copy of this one. Started one by one, scripts of a second
would take two more to load the same.
"""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import libpysal.graph  # noqa: F401 - loaded for the scripts, as the next one
import matplotlib.figure  # noqa: F401

FLOORS = ("read", "weigh", "measure", "classify", "simulate", "draw", "report")


def started(script: str, said: int) -> int:
    """Return the number of a process that runs a script, which speaks into an open file."""
    process = os.fork()
    if process:
        return process
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 1
    try:
        runpy.run_path(script, run_name="__main__")
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends here
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(scripts: list[str], *, workers: int, folder: Path) -> list[str]:
    """Run scripts, ``workers`` at a time, and return those that failed."""
    running: dict[int, str] = {}
    failed = []
    for script in [*scripts, None]:
        # Before the next begins, one must end; after the last, all.
        while running and (script is None or len(running) >= workers):
            process, status = os.wait()
            failed += [running[process]] if status else []
            del running[process]
        if script is not None:
            with (folder / Path(script).name).open("wb") as said:
                running[started(script, said.fileno())] = script
    return failed


def main(scripts: list[str]) -> None:
    """Run the scripts, on as many processors as there are."""
    begun = time.perf_counter()
    for floor in FLOORS:
        import_module(f"geoinno.{floor}")
    with tempfile.TemporaryDirectory() as folder:
        failed = run(scripts, workers=len(os.sched_getaffinity(0)), folder=Path(folder))
        for script in scripts:
            print(script)
            print((Path(folder) / Path(script).name).read_text(encoding="utf-8"), end="")
    print(f"{len(scripts)} scripts in {time.perf_counter() - begun:.0f} s.")
    if failed:
        sys.exit(f"These failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
