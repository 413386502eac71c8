"""Growth poles: which regions are centres, over what reach, and how robustly."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.measure._geodesy import surface
from geoinno.measure.poles import _rules, _summits, _terrain, _tracking
from geoinno.measure.poles._tracking import PoleSpec

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.measure.poles._terrain import Terrain
    from geoinno.measure.poles._tracking import Perturbed, Poles


_LOG = logging.getLogger(__name__)
_LEVELS = ("regional", "national", "macro-regional")
_LEVEL_CUTS = (1.5, 3.0)
_INTERVALS = [
    "agreement",
    *(f"{what}_{side}" for what in ("prominence", "reach", "level") for side in ("low", "high")),
]
# Draws on maps of up to so many regions.
_DRAWS = {2_000: 50, 20_000: 20}


@dataclass(frozen=True, slots=True)
class PoleOptions:
    """The criteria of a pole in `growth_poles`, and the cuts of the older rules.

    Parameters
    ----------
    reach_km
        Base reach: the distance over which the weight of mass falls by half. Half the radius of the
        median region (as a disc of its area) unless given.
    least_prominence
        Of a pole, as a natural logarithm: ln 1.1, potential falls by a tenth on the way to any higher
        summit.
    least_mass
        Of a pole, as a share of the mass of the mean region.
    draws
        Draws of perturbed masses and reaches behind ``agreement`` and the intervals; 0 for none. Unless
        given, 50 up to 2,000 regions, 20 up to 20,000, none beyond.
    noise
        Standard deviation of the noise in the logarithm of masses.
    density_quantile
        Dense clusters are made of regions of a density above this quantile (0 to 1).
    least_share
        A dense cluster holds at least this share of the whole mass.
    window
        The share of all regions whose nearest make up the surroundings of a region.
    max_q
        A hot spot has at most this q-value.
    permutations, seed
        Of the local Moran behind the hot spots; the seed is that of the draws too.
    """

    reach_km: float | None = None
    least_prominence: float = float(np.log(1.1))
    least_mass: float = 0.25
    draws: int | None = None
    noise: float = 0.1
    density_quantile: float = 0.75
    least_share: float = 0.02
    window: float = 0.5
    max_q: float = 0.05
    permutations: int = 9999
    seed: int = 0

    def __post_init__(self) -> None:
        _contract.positive(self.least_prominence, name="least_prominence")
        for name in ("least_mass", "noise"):
            _contract.positive(getattr(self, name), name=name, zero=True)
        if self.draws is not None:
            _contract.whole(self.draws, name="draws", least=0)


_USUAL = PoleOptions()


def growth_poles(
    mass: pd.Series | str,
    weights: Graph,
    *,
    regions: GeoDataFrame,
    growth: pd.Series | str | None = None,
    specialisation: pd.Series | pd.DataFrame | None = None,
    options: PoleOptions = _USUAL,
) -> pd.DataFrame:
    """Find the growth poles of a map, the reach over which each leads, and how robust each is.

    A pole is a summit of potential (`prominence`) at the base reach that stands out by at least 10% from
    the way to any higher summit and has at least a quarter of the mass of the mean region. Then the
    reach grows, by factors of 2^(1/4) up to half of the map's extent, and each pole is followed for as
    long as its catchment holds a summit: a far-reaching pole leads a large space.

    Parameters
    ----------
    mass
        People, jobs, patents or gross domestic product: zero or more, by region id, or the name of a
        column of ``regions``.
    weights
        Neighbours, such as ``gi.weigh.contiguity(regions)``; parts that no link joins are bridged by their
        shortest pair (``gi.weigh.bridges``).
    regions
        Polygons in any CRS.
    growth
        Growth rate by region id: the rule ``growing`` is growth above that of all mass together.
    specialisation
        Location quotients of propulsive activities (one, or columns): the rule ``propulsive`` is any above 1.
    options
        Base reach, floors of prominence and mass, draws, and the lines of the older rules.

    Returns
    -------
    DataFrame
        Indexed as ``mass``. ``pole``; ``rank`` among poles by prominence; ``prominence`` (0 where there is no
        summit, infinite at the highest); ``reach_km``, the greatest reach at which it leads; ``level``:
        macro-regional from three times the base reach on, national from one and a half times, else
        regional; ``yields_to``, the higher pole that its space is part of; ``catchment``, the pole of each
        region; ``share`` of the catchment's mass that is the pole's own. Of others than poles, rank,
        reach, level, yields_to and share are missing.

        From draws of perturbed masses and reaches: ``agreement``, the share of draws in which the region
        is (or is not) a pole as here; 5% and 95% quantiles ``prominence_low``, ``prominence_high``,
        ``reach_low``, ``reach_high`` (0 km: no pole) and ``level_low``, ``level_high``.

        Older rules, reported for comparison only: ``rules``, how many hold; ``local_maximum`` of mass,
        ``dense_cluster``, ``residual`` (``score``: in standard errors), ``hot_spot``, and ``growing``
        and ``propulsive`` where given. ``.attrs`` has the base ``reach_km``, and ``reach`` says in words how
        it was chosen.

    Raises
    ------
    ColumnError
        If a mass is missing or negative, or the same everywhere.
    AlignmentError
        If mass, weights and regions cover different regions.

    Notes
    -----
    The highest summit has nothing above it to be measured against. It counts where it exceeds the median
    region's potential by 10%, so that a flat map has no pole. A summit that first appears at a larger
    reach is no pole, and the place that is highest at a large reach, often one between the poles, is
    not taken for one. `zoning_check` says whether the poles depend on how the map is divided.

    References
    ----------
    Perroux, F. (1955). Note sur la notion de pole de croissance. Economie Appliquee 8, 307-320.
    Chazal, F., Guibas, L. J., Oudot, S. Y. and Skraba, P. (2013). Persistence-based clustering in
    Riemannian manifolds. Journal of the ACM 60(6), 41. doi:10.1145/2535927
    Giuliano, G. and Small, K. A. (1991). Subcenters in the Los Angeles region. Regional Science and Urban
    Economics 21(2), 163-182. doi:10.1016/0166-0462(91)90032-I
    McMillen, D. P. (2001). Nonparametric employment subcenter identification. Journal of Urban Economics
    50(3), 448-473. doi:10.1006/juec.2001.2228

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> poles = gi.measure.growth_poles(
    ...     "city_population", gi.weigh.contiguity(regions), regions=regions)
    >>> poles.loc[poles["rank"] <= 3].set_index(regions["name"][poles["rank"] <= 3])["level"].to_dict()
    {'Almaty City': 'macro-regional', 'Astana': 'macro-regional', 'Tashkent City': 'macro-regional'}
    """
    _contract.polygons(regions)
    _contract.weight_ids(weights)
    _contract.instance(options, PoleOptions, name="options", example="gi.measure.PoleOptions()")
    land = _terrain.terrain(regions, weights)
    size = _contract.varied(_terrain.masses(mass, regions))
    reach, words = _terrain.base_reach(options.reach_km, land)
    _LOG.info(words)
    found, perturbed = _tracking.perturb(size.to_numpy(), land, reach=reach, spec=_spec(options, land))
    rules = _rule_columns(size, weights, land, regions=regions.sort_index(), options=options)
    if growth is not None:
        rate = _contract.numbers(growth, regions=regions, what="growth rates").reindex(land.ids)
        rules["growing"] = _rules.growing(rate, size)
    if specialisation is not None:
        rules["propulsive"] = _rules.propulsive(specialisation, land.ids)
    rules.insert(0, "rules", rules.drop(columns="score").sum(axis=1))
    parts = [_pole_columns(found, size, reach=reach), _intervals(found, perturbed, land.ids), rules]
    index = mass.index if isinstance(mass, pd.Series) else regions.index
    table: pd.DataFrame = pd.concat(parts, axis=1).reindex(index)
    table.attrs.update(reach_km=reach, reach=words)
    return table


def _spec(options: PoleOptions, land: Terrain) -> PoleSpec:
    """Return what makes a pole, and how many draws there are on a map of this size."""
    usual = next((draws for most, draws in _DRAWS.items() if len(land) <= most), 0)
    draws = usual if options.draws is None else options.draws
    return PoleSpec(options.least_prominence, options.least_mass, draws, options.noise, options.seed)


def _pole_columns(found: Poles, size: pd.Series, *, reach: float) -> pd.DataFrame:
    """Return what makes poles: prominence, reach and level, and the spaces that they lead."""
    pole, ids = found.pole, size.index
    prominence = pd.Series(found.summits.prominence, ids)
    ratio = 2.0 ** (found.steps / _terrain.STEPS)
    lead = found.summits.lead(pole)
    # What a pole's own summit yields to leads on to the next pole above it.
    above = np.where(found.summits.yields_to < 0, -1, lead[found.summits.yields_to])
    catchment = _summits.region_names(lead, ids)
    held = size.groupby(catchment).sum().reindex(ids)
    return pd.DataFrame(
        {
            "pole": pole,
            "rank": prominence[pole].rank(ascending=False, method="first").reindex(ids),
            "prominence": prominence,
            "reach_km": np.where(pole, reach * ratio, np.nan),
            "level": _levels(ratio * pole),
            "yields_to": _summits.region_names(np.where(pole, above, -1), ids),
            "catchment": catchment,
            "share": (size / held.where(held > 0)).where(pole),
        },
        index=ids,
    )


def _levels(ratio: Floats) -> NDArray[np.object_]:
    """Return the level of each pole by its reach over the base; missing where that is 0."""
    names: NDArray[np.object_] = np.array([None, *_LEVELS], object)
    return names[(ratio > 0) * (1 + np.searchsorted(_LEVEL_CUTS, ratio, side="right"))]


def _intervals(found: Poles, draws: Perturbed, ids: pd.Index) -> pd.DataFrame:
    """Return how many draws agree with the poles, and between what they lie in nine of ten."""
    if not len(draws.pole):
        return pd.DataFrame(np.nan, index=ids, columns=_INTERVALS)
    agreement = (draws.pole == found.pole).mean(axis=0)
    prominence, reach = _bounds(draws.prominence), _bounds(draws.reach_km)
    level = [_levels(bound) for bound in _bounds(draws.reach_ratio)]
    columns = (agreement, *prominence, *reach, *level)
    return pd.DataFrame(dict(zip(_INTERVALS, columns, strict=True)), index=ids)


def _bounds(draws: Floats) -> Floats:
    """Return the 5% and 95% quantiles: draws themselves, as what is infinite has no mean."""
    rows = [max(0, int(np.ceil(share * len(draws))) - 1) for share in (0.05, 0.95)]
    return np.asarray(np.sort(draws, axis=0)[rows])


def _rule_columns(
    size: pd.Series, weights: Graph, land: Terrain, *, regions: GeoDataFrame, options: PoleOptions
) -> pd.DataFrame:
    """Return the older rules, each by the regions' own mass alone."""
    mass = size.to_numpy()
    density = mass / (np.pi * land.radii**2)
    score = _rules.residual(_rules.log_density(density), surface.plane(regions), window=options.window)
    links = _terrain.links(weights, land.ids)
    cut = float(np.quantile(density, options.density_quantile))
    least = options.least_share * mass.sum()
    columns = {
        "score": score,
        "local_maximum": _rules.local_maximum(mass, links),
        "dense_cluster": _rules.dense_cluster(mass, density, links, cut=cut, least=least),
        "residual": _rules.significant(score),
        "hot_spot": _rules.hot_spot(
            size, weights, permutations=options.permutations, seed=options.seed, max_q=options.max_q
        ),
    }
    return pd.DataFrame(columns, index=size.index)
