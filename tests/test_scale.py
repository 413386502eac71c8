"""Blocks: the same bits whoever runs them, kept and taken up again, and nothing stale or damaged."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import subprocess
import sys
import tracemalloc
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno import scale
from geoinno.measure._inference import permutations
from geoinno.measure.potential import _blocks

ROOT = Path(__file__).parents[1]
NEAR = gi.weigh.exponential(100)


class Backwards:
    """An executor that runs what it was given last first, as a busy cluster may."""

    def __init__(self):
        self.waiting, self.ran = [], 0

    def submit(self, function, /, *arguments):
        future = Future()
        self.waiting.append((future, function, arguments))
        future.result = lambda: self._result(future)
        return future

    def _result(self, future):
        while self.waiting:
            done, function, arguments = self.waiting.pop()
            self.ran += 1
            done.set_result(function(*arguments))
        return Future.result(future)


def points(n, seed=0):
    rng = np.random.default_rng(seed)
    places = geopandas.points_from_xy(rng.uniform(0, 20, n), rng.uniform(40, 60, n), crs=4326)
    regions = geopandas.GeoDataFrame(geometry=places, index=[f"r{i}" for i in range(n)])
    return regions.assign(mass=rng.random(n), country=rng.integers(0, 3, n).astype(str))


def double(block, values, unit):
    return (np.arange(*block), values[slice(*block)] * unit)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(_blocks, "RUNS", 4)
    monkeypatch.setattr(_blocks, "HANDS", 1)


def potential(regions, **options):
    return gi.measure.market_potential("mass", regions, decay=NEAR, country="country", **options)


@pytest.mark.parametrize("accuracy", [None, 1e-3])
@pytest.mark.usefixtures("small_blocks")
def test_blocks_give_the_bits_of_one_piece(accuracy, tmp_path):
    regions = points(4_000)
    expected = potential(regions, accuracy=accuracy)
    backwards = Backwards()
    with ThreadPoolExecutor(2) as threads:
        for options in (
            {"executor": threads},
            {"executor": backwards},
            {"store": tmp_path},
            {"store": tmp_path, "executor": threads},
        ):
            found = potential(regions, accuracy=accuracy, **options)
            pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert backwards.ran >= 2


@pytest.fixture
def small_shuffles(monkeypatch):
    monkeypatch.setattr(permutations, "_CELLS", 10_000)


@pytest.mark.usefixtures("small_shuffles")
def test_permutations_in_blocks_give_the_same_p(tmp_path):
    place = gi.read.sample("north_america").regions
    near, values = gi.weigh.contiguity(place), place["city_population"]
    options = {"permutations": 9_999}
    for measure in (gi.measure.local_moran, gi.measure.local_geary, gi.measure.local_getis_ord):
        expected = measure(values, near, **options)
        executor = Backwards()
        found = measure(values, near, **options, executor=executor, store=tmp_path)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
        assert executor.ran > 1


@pytest.mark.parametrize("name", ["moran", "geary", "getis_ord", "join_counts"])
@pytest.mark.usefixtures("small_shuffles")
def test_shuffles_of_the_whole_map_in_blocks_give_the_same_answer(name, tmp_path):
    place = gi.read.sample("north_america").regions
    near, values = gi.weigh.contiguity(place), place["city_population"]
    values = values > values.median() if name == "join_counts" else values
    measure, options = getattr(gi.measure, name), {"permutations": 2_999}
    expected = measure(values, near, **options)
    first, again = Backwards(), Backwards()
    for executor in (first, again):
        found = measure(values, near, **options, executor=executor, store=tmp_path)
        assert repr(found) == repr(expected)  # in full precision
    assert (first.ran > 1, again.ran) == (True, 0)


def test_a_hash_reads_an_input_where_it_lies():
    values = np.arange(1_000_000.0)
    expected = hashlib.sha256(b"<f8 (1000000,)" + values.tobytes()).digest()
    tracemalloc.start()
    found = scale._digest(values)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == expected
    assert most < values.nbytes / 8
    assert len({scale._digest(part) for part in (values[::2], values[1::2], np.empty(0), values > 3)}) == 4


def test_simulated_maps_go_to_the_executor():
    regions = gi.read.sample("central_asia").regions
    north = gi.weigh.places(regions)["lat"]
    executor = Backwards()
    expected = gi.measure.noise_placebo(north.corr, regions["primacy"], regions, draws=99)
    assert (
        gi.measure.noise_placebo(north.corr, regions["primacy"], regions, draws=99, executor=executor)
        == expected
    )
    assert executor.ran == 4


@pytest.fixture
def trade():
    table = np.random.default_rng(3).lognormal(0, 1, (12, 12)) + 60 * np.eye(12)
    ids = [f"r{i}" for i in range(12)]
    return pd.DataFrame(table, index=ids, columns=ids)


def test_coalitions_go_to_the_executor_and_are_kept(trade, tmp_path):
    names = list(trade.index)

    def grown(**options):
        return gi.simulate.accession(trade, names[:1], joining=names[1:11], effect=0.3, **options)

    expected, backwards = grown(), Backwards()
    kept = gi.simulate.AccessionOptions(store=tmp_path)
    with ThreadPoolExecutor(2) as threads:
        for options in ({"executor": backwards}, {"executor": threads}, {"options": kept}):
            found = grown(**options)
            pd.testing.assert_series_equal(found.values, expected.values, check_exact=True)
            pd.testing.assert_series_equal(found.shapley, expected.shapley, check_exact=True)
    assert backwards.ran == 4
    again = Backwards()
    pd.testing.assert_series_equal(grown(executor=again, options=kept).shapley, expected.shapley)
    assert again.ran == 0


def test_degrees_of_openness_go_to_the_executor_and_are_kept(trade, tmp_path):
    change = trade * 0
    change.loc["r0", "r1"] = change.loc["r1", "r0"] = 1.2
    expected, backwards = gi.simulate.opening_grid(trade, change), Backwards()
    with ThreadPoolExecutor(2) as threads:
        for options in ({"executor": backwards}, {"executor": threads}, {"store": tmp_path}):
            found = gi.simulate.opening_grid(trade, change, **options)
            pd.testing.assert_frame_equal(found.table, expected.table, check_exact=True)
            assert found.notes.equals(expected.notes)
    assert backwards.ran == 3
    again = Backwards()
    gi.simulate.opening_grid(trade, change, executor=again, store=tmp_path)
    assert again.ran == 0


def test_scenarios_refuse_what_is_no_executor(trade):
    with pytest.raises(gi.OptionError, match="executor must have a method submit"):
        gi.simulate.opening_grid(trade, trade * 0, executor=3)
    with pytest.raises(gi.OptionError, match="executor must have a method submit"):
        gi.simulate.accession(trade, [], joining=["r0"], effect=0.1, executor=3)


def test_finished_blocks_are_not_run_again(tmp_path):
    values = np.arange(100.0)
    options = {"engine": scale.Engine(Backwards(), tmp_path)}
    blocks = scale.parted(100, 7)
    first = list(scale.run_blocks(double, blocks, (values, 2.0), **options))
    again = scale.Engine(Backwards(), tmp_path)
    second = list(scale.run_blocks(double, blocks, (values, 2.0), engine=again))
    assert again.executor.ran == 0
    for (where, found), (same, kept) in zip(first, second, strict=True):
        np.testing.assert_array_equal(where, same)
        np.testing.assert_array_equal(found, kept)
    np.testing.assert_array_equal(np.concatenate([found for _, found in second]), 2 * values)


@pytest.mark.parametrize("other", ["values", "unit", "blocks", "sources"], ids=lambda what: f"other {what}")
def test_nothing_stale_is_taken(other, tmp_path, monkeypatch):
    values, unit, size = np.arange(20.0), 2.0, 7
    list(
        scale.run_blocks(double, scale.parted(20, size), (values, unit), engine=scale.Engine(store=tmp_path))
    )
    if other == "values":
        values = values + np.eye(20)[3]
    elif other == "unit":
        unit = 2.0 + 1e-15
    elif other == "blocks":
        size = 10
    else:
        monkeypatch.setattr(scale, "source_hash", lambda: "of another version")
    executor = Backwards()
    blocks = scale.parted(20, size)
    found = list(scale.run_blocks(double, blocks, (values, unit), engine=scale.Engine(executor, tmp_path)))
    assert executor.ran == len(blocks)
    np.testing.assert_array_equal(np.concatenate([part for _, part in found]), values * unit)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", None], ids=["empty", "cut", "one bit"])
def test_a_damaged_block_is_run_anew(damage, tmp_path, caplog):
    values, blocks = np.arange(20.0), scale.parted(20, 7)
    work = {"engine": scale.Engine(store=tmp_path)}
    list(scale.run_blocks(double, blocks, (values, 2.0), **work))
    file = next(tmp_path.rglob("block-1.npz"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content) if damage is None else damage)
    found = list(scale.run_blocks(double, blocks, (values, 2.0), **work))
    np.testing.assert_array_equal(np.concatenate([part for _, part in found]), 2 * values)
    assert "damaged block is run anew" in caplog.text


def failing(block, at):
    if block[0] == at:
        message = "no luck"
        raise ArithmeticError(message)
    return (np.arange(*block),)


def test_an_error_keeps_what_is_done_and_gives_up_the_rest(tmp_path):
    executor = ThreadPoolExecutor(1)
    work = {"engine": scale.Engine(executor, tmp_path)}
    with pytest.raises(ArithmeticError, match="no luck"):
        list(scale.run_blocks(failing, scale.parted(40, 4), (20,), **work))
    assert len(list(tmp_path.rglob("block-*.npz"))) == 5
    executor.shutdown()


class Interrupting:
    """An executor whose answers interrupt whoever unpacks them, as Ctrl-C between two blocks does."""

    def __init__(self):
        self.waiting = []

    def submit(self, _function, /, *_arguments):
        future = Future()
        future.result = lambda: self
        self.waiting.append(future)
        return future

    def __iter__(self):
        raise KeyboardInterrupt


INTERRUPTED = {
    "potential": lambda executor, _: potential(points(4_000), executor=executor),
    "local": lambda executor, _: gi.measure.local_moran(*shuffled(), permutations=9_999, executor=executor),
    "whole": lambda executor, _: gi.measure.moran(*shuffled(), permutations=2_999, executor=executor),
    "noise": lambda executor, _: gi.measure.noise_placebo(
        pd.Series.std, points(60)["mass"], points(60), draws=99, executor=executor
    ),
    "coalitions": lambda executor, trade: gi.simulate.accession(
        trade, trade.index[:1], joining=trade.index[1:11], effect=0.3, executor=executor
    ),
}


def shuffled():
    regions = gi.read.sample("north_america").regions
    return regions["city_population"], gi.weigh.contiguity(regions)


@pytest.mark.parametrize("work", INTERRUPTED)
@pytest.mark.usefixtures("small_blocks", "small_shuffles")
def test_an_interrupt_between_two_blocks_gives_up_the_rest(work, trade):
    executor = Interrupting()
    # The traceback is still held when the rest is looked at, as it is in a notebook.
    with pytest.raises(KeyboardInterrupt) as held:
        INTERRUPTED[work](executor, trade)
    assert len(executor.waiting) > 1
    assert all(future.cancelled() for future in executor.waiting)
    assert held.tb is not None


def test_progress_is_logged(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(2):
        list(
            scale.run_blocks(double, scale.parted(4, 2), (np.ones(4), 1), engine=scale.Engine(store=tmp_path))
        )
    assert "Block 2 of 2 is done." in caplog.text
    assert "2 of 2 blocks are taken from" in caplog.text


@pytest.mark.parametrize("count", ["1", "3"])
def test_blocks_are_shared_out_to_threads_and_followed(count, monkeypatch, caplog):
    monkeypatch.setenv("GEOINNO_THREADS", count)
    monkeypatch.setattr(scale, "_PAUSE_S", 0.0)
    caplog.set_level(logging.INFO)
    seen = np.zeros(100, int)
    scale.share_out(lambda block: np.add.at(seen, np.arange(*block), 1), scale.parted(100, 3), what="Round")
    assert (seen == 1).all()
    rounds = -(-34 // (4 * int(count)))
    assert caplog.messages[-1] == f"Round {rounds} of {rounds} is done."


def test_an_error_in_a_shared_block_is_raised():
    with pytest.raises(ArithmeticError, match="no luck"):
        scale.share_out(lambda block: failing(block, 20), scale.parted(40, 4), what="Round")


@pytest.mark.parametrize("executor", [4, "threads", print])
def test_what_cannot_run_blocks_is_refused(executor):
    with pytest.raises(gi.OptionError, match="submit"):
        potential(points(20), executor=executor)


def test_a_store_is_a_folder(tmp_path):
    (tmp_path / "file").write_text("")
    for store in (tmp_path / "file", 3):
        with pytest.raises(gi.OptionError, match="path of a folder"):
            potential(points(20), store=store)


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_scale
test_scale._blocks.RUNS = 4
class Dying:
    done = 0
    def submit(self, function, /, *arguments):
        self.done += 1
        if self.done > 5:
            os.kill(os.getpid(), signal.SIGKILL)
        from concurrent.futures import Future
        future = Future()
        future.set_result(function(*arguments))
        return future
from geoinno import scale
from geoinno.measure._inference import permutations
scale._AHEAD = 1
test_scale.potential(test_scale.points(4_000), executor=Dying(), store={store!r})
"""


@pytest.mark.usefixtures("small_blocks")
def test_a_killed_run_goes_on(tmp_path):
    program = KILLED.format(tests=str(Path(__file__).parent), store=str(tmp_path))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], check=False, env=env, capture_output=True)
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    done = {path.name for path in tmp_path.rglob("block-*.npz")}
    assert len(done) >= 4
    executor = Backwards()
    regions = points(4_000)
    found = potential(regions, executor=executor, store=tmp_path)
    pd.testing.assert_frame_equal(found, potential(regions), check_exact=True)
    total = len(list(tmp_path.rglob("block-*.npz")))
    assert executor.ran == total - len(done)


# A machine that is busy may take minutes to start two processes and to have them answer.
PATIENCE = {f"distributed.comm.timeouts.{name}": "600s" for name in ("connect", "tcp")}


@contextmanager
def two_workers():
    """Run a cluster of two processes on this machine."""
    import dask
    import distributed

    with (
        dask.config.set(PATIENCE),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
        distributed.Client(local) as client,
    ):
        yield local, client


@pytest.fixture
def cluster():
    pytest.importorskip("distributed")
    with two_workers() as found:
        yield found


class Fatal:
    """An executor that hands on to another, and has somebody killed when the third answer is waited for."""

    def __init__(self, other, kill):
        self.other, self.kill, self.waited = other, kill, 0

    def submit(self, function, /, *arguments):
        return FatalFuture(self.other.submit(function, *arguments), self)


class FatalFuture:
    def __init__(self, future, owner):
        self.future, self.owner, self.cancel = future, owner, future.cancel

    def result(self):
        self.owner.waited += 1
        if self.owner.waited == 3:
            self.owner.kill()
        return self.future.result()


def kill_workers(local, count):
    """End worker processes of our own cluster from outside, as a machine that fails would."""
    for worker in list(local.workers.values())[:count]:
        os.kill(worker.process.process.pid, signal.SIGKILL)


def whole_map(name, **options):
    """Return a statistic of the whole map from shuffles in some fifteen blocks."""
    place = gi.read.sample("north_america").regions
    near, values = gi.weigh.contiguity(place), place["city_population"]
    values = values > values.median() if name == "join_counts" else values
    return getattr(gi.measure, name)(values, near, permutations=299_999, **options)


def many_potentials(_name, **options):
    return potential(points(20_000), **options)


WHOLE_MAP = ("moran", "geary", "getis_ord", "join_counts")
WORK = {"market_potential": many_potentials, **dict.fromkeys(WHOLE_MAP, whole_map)}


def same_bits(found, expected):
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
    else:
        assert repr(found) == repr(expected)  # in full precision


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "killed"),
    [*((name, 1) for name in WORK), *(("market_potential", n) for n in (0, 2)), ("moran", 2)],
)
def test_a_cluster_gives_the_same_bits_whoever_dies(name, killed, cluster, tmp_path):
    local, client = cluster
    executor = Fatal(client, lambda: kill_workers(local, killed))
    found = WORK[name](name, executor=executor, store=tmp_path)
    assert executor.waited >= 5
    same_bits(found, WORK[name](name))


KILLED_MAIN = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_scale
if __name__ == "__main__":
    with test_scale.two_workers() as (_, client):
        executor = test_scale.Fatal(client, lambda: os.kill(os.getpid(), signal.SIGKILL))
        test_scale.whole_map({name!r}, executor=executor, store={store!r})
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", WHOLE_MAP)
def test_a_cluster_whose_main_process_is_killed_goes_on(name, tmp_path):
    pytest.importorskip("distributed")
    store, program = tmp_path / "store", tmp_path / "main.py"
    tests = str(Path(__file__).parent)
    program.write_text(KILLED_MAIN.format(tests=tests, name=name, store=str(store)))
    run = subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    done = len(list(store.rglob("block-*.npz")))
    assert done == 2
    executor = Backwards()
    same_bits(whole_map(name, executor=executor, store=store), whole_map(name))
    assert executor.ran == len(list(store.rglob("block-*.npz"))) - done


@pytest.mark.slow
def test_shuffles_need_less_memory_than_the_data(tmp_path):
    """A worker maps the weights from the store; what it holds itself is less than half of them."""
    n, degree = 1_000_000, 20
    random = np.random.default_rng(0)
    indices = random.integers(n, size=n * degree, dtype=np.int32)
    indptr = np.arange(0, n * degree + 1, degree, dtype=np.int32)
    inputs = (random.normal(size=n), np.full(n * degree, 1 / degree), indices, indptr)
    expected = permutations._block_products((0, 2), *inputs, None, 0)
    handed = scale._Kept(tmp_path).written_inputs(inputs)
    data = sum(array.nbytes for array in inputs)
    del inputs, indices, indptr
    tracemalloc.start()
    found = permutations._block_products((0, 2), *map(scale._loaded, handed), None, 0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_array_equal(found[0], expected[0])
    assert most < data / 2


def lines_of(fence):
    """Return the code of the page on scale that stands behind a fence."""
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    return text.split(f"```{fence}\n")[1].split("```")[0]


def test_the_lines_for_a_laptop_run_as_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = {}
    exec(lines_of("python"), known)
    regions, near = known["regions"], known["near"]
    expected = gi.measure.market_potential("city_population", regions, decay=near, country="country")
    pd.testing.assert_frame_equal(known["reach"], expected, check_exact=True)


@pytest.mark.slow
def test_the_lines_for_a_cluster_run_as_printed(cluster, tmp_path):
    local, _ = cluster
    text = lines_of("{code-block} python")
    for printed, here in (
        ("tcp://scheduler:8786", local.scheduler_address),
        ("/shared/blocks", str(tmp_path)),
    ):
        assert printed in text
        text = text.replace(printed, here)
    places = points(2_000)
    known = {"__name__": "__main__", "people": places["mass"], "places": places, "near": NEAR}
    exec(text, known)
    expected = gi.measure.market_potential(places["mass"], places, decay=NEAR)
    pd.testing.assert_frame_equal(known["found"], expected, check_exact=True)


@pytest.mark.slow
def test_inputs_are_mapped_not_copied(tmp_path):
    # A worker that may hold 300 MB more than it starts with sums parts of 800 MB.
    values = np.ones(100_000_000)
    kept = scale._Kept(tmp_path)
    handed = kept.written_inputs((values,))
    program = (
        "import resource, numpy as np\n"
        "from geoinno import scale\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "before = int(status['RssAnon'].split()[0])\n"
        f"array = scale._loaded(scale._ArrayFile({handed[0].path!r}))\n"
        "total = sum(float(array[low : low + 1_000_000].sum()) for low in range(0, len(array), 1_000_000))\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(total, int(status['RssAnon'].split()[0]) - before)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", program], check=True, env=env, capture_output=True, text=True)
    total, more_kb = map(float, run.stdout.split())
    assert total == 1e8
    assert more_kb < 100_000
