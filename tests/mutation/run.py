"""Change the code that computes in one place at a time, and count how often a test notices.

A seeded sample of the mutants that Cosmic Ray knows is tried in a copy of the repository, each with the tests
beside its file, and those that live with the tests of laws, order and truth. Run by `make mutants`.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parents[2]
COMPUTING = ("measure", "weigh", "classify", "_kernels")
# What compiles and divides work computes nothing: its own tests damage it in their own way.
MACHINERY = ("compiling.py", "threads.py", "__init__.py")
BINARY = ["Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Mul_Add", "Pow_Mul", "FloorDiv_Div", "Mod_Mul"]
COMPARED = ["Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_Gt", "Gt_Lt", "Eq_NotEq", "NotEq_Eq", "GtE_LtE"]
OPERATORS = [
    *(f"core/ReplaceBinaryOperator_{change}" for change in BINARY),
    *(f"core/ReplaceComparisonOperator_{change}" for change in COMPARED),
    "core/ReplaceUnaryOperator_USub_UAdd",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_Invert",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/NumberReplacer",
    "core/ZeroIterationForLoop",
]
# Kernels without a file of tests of their own name are parts of these.
TESTS_OF_KERNELS = {
    "crowds.py": ["tests/kernels/test_potential.py", "tests/measure/potential"],
    "single.py": ["tests/kernels/test_potential.py", "tests/measure/potential"],
    "tree.py": ["tests/kernels/test_potential.py", "tests/measure/potential"],
    "ellipsoid.py": ["tests/kernels/test_distances.py", "tests/weigh/test_distance.py"],
}
WHOLE = ["tests/kernels", "tests/test_laws.py", "tests/laws", "tests/test_order.py", "tests/test_truth.py"]


@dataclass(frozen=True)
class Mutant:
    """One change in one file."""

    path: str
    operator: str
    occurrence: int
    line: int

    def code(self, source: bytes) -> str:
        """Return the source with the change."""
        return mutate_code(source, get_operator(self.operator)(), self.occurrence) or ""


def mutants(path):
    """Return every mutant of a file, less those of decorators, annotations and default arguments."""
    source = (ROOT / path).read_text(encoding="utf-8")
    fixed = settled_lines(source)
    found = []
    for name in OPERATORS:
        operator = get_operator(name)()
        count = 0
        for node in ast_nodes(parso.parse(source)):
            for start, _ in operator.mutation_positions(node):
                if start[0] not in fixed:
                    found.append(Mutant(path, name, count, start[0]))
                count += 1
    return found


def settled_lines(source):
    """Return the lines that compute nothing: signatures, decorators, and declarations of types."""
    lines = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            lines.update(range(first, node.body[0].lineno))
        if isinstance(node, ast.AnnAssign) and node.value is None:
            lines.add(node.lineno)
    return lines


def tests_of(path):
    """Return the tests that stand beside a file, and its examples."""
    floor, *inside = Path(path).parts[1:]
    if floor == "_kernels":
        own = f"tests/kernels/test_{inside[0]}"
        return TESTS_OF_KERNELS.get(inside[0], [own])
    beside = f"tests/{floor}/{inside[0]}" if len(inside) > 1 else f"tests/{floor}"
    wing = f"geoinno/{floor}/{inside[0]}" if len(inside) > 1 else f"geoinno/{floor}"
    if len(inside) > 1 and inside[0] == "_inference":
        return [beside, "tests/measure/autocorrelation", wing]
    if len(inside) > 1 and inside[0] == "_geodesy":
        return ["tests/measure/borders", "tests/weigh", wing]
    return [beside, wing]


def passes(tree, tests, *, python, seconds):
    """Return whether tests pass on the tree as it is, with no compiled kernel of another mutant."""
    command = [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests]
    environ = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "NUMBA_CACHE_DIR": str(tree / ".numba"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.Popen(
        command,
        cwd=tree,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return False
    # A mutant may also bring the interpreter down, which a signal tells.
    if run.returncode > 2:
        raise RuntimeError(said.decode()[-2000:])
    return run.returncode == 0


def survives(tree, mutant, *, python, seconds, sound):
    """Return whether no test notices a mutant; tests that fail without any change end the run."""
    groups = (tests_of(mutant.path), WHOLE)
    for tests in groups:
        if tuple(tests) not in sound and not passes(tree, tests, python=python, seconds=3 * seconds):
            message = f"{' '.join(tests)} fail on the code as it is: no mutant can be judged by them"
            raise RuntimeError(message)
        sound.add(tuple(tests))
    file = tree / mutant.path
    source = file.read_bytes()
    file.write_text(mutant.code(source.decode()), encoding="utf-8")
    try:
        return all(passes(tree, tests, python=python, seconds=seconds) for tests in groups)
    finally:
        file.write_bytes(source)


def described(mutant):
    """Return a mutant as a line for the reader: the file, and the line before and after."""
    source = (ROOT / mutant.path).read_text(encoding="utf-8")
    lines = zip(source.splitlines(), mutant.code(source).splitlines(), strict=False)
    before, after = next(((a.strip(), b.strip()) for a, b in lines if a != b), ("", ""))
    return f"{mutant.path}:{mutant.line}\n    - {before}\n    + {after}"


def copied(folder):
    """Return a copy of the repository without what is not needed."""
    tree = folder / "tree"
    away = shutil.ignore_patterns(
        ".git", ".venv*", "maps", "build", "*_cache", "__pycache__", "node_modules", ".numba"
    )
    shutil.copytree(ROOT, tree, ignore=away)
    return tree


def main():
    """Try a sample of mutants, and name those that no test notices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="files whose path contains this")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs the tests")
    parser.add_argument("--seconds", type=float, default=400.0, help="a mutant that takes longer is noticed")
    options = parser.parse_args()
    files = [
        str(path.relative_to(ROOT))
        for floor in COMPUTING
        for path in sorted((ROOT / "geoinno" / floor).rglob("*.py"))
        if path.name not in MACHINERY and options.only in str(path)
    ]
    every = [mutant for path in files for mutant in mutants(path)]
    sample = random.Random(options.seed).sample(every, min(options.count, len(every)))
    # One file after the other, so that kernels are compiled no more often than they change.
    sample.sort(key=lambda mutant: mutant.path)
    living: list[Mutant] = []
    sound: set[tuple[str, ...]] = set()
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        for number, mutant in enumerate(sample, 1):
            lives = survives(tree, mutant, python=options.python, seconds=options.seconds, sound=sound)
            living += [mutant] if lives else []
            print(f"{number:3} {'LIVES ' if lives else 'killed'} {described(mutant)}", flush=True)
    killed = len(sample) - len(living)
    share = f"{killed} of {len(sample)} mutants were noticed ({killed / len(sample):.0%})"
    print(f"\n{share}; there are {len(every):,} in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
