"""An index of European regions from raw indicators beside the Regional Innovation Index of 2019.

    python benchmarks/regional_innovation_index.py [folder with indicators.csv and ranks.csv]

What enters was chosen and written down before the official ranks were looked at: the columns below, five
pillars of equal weight, the latest value of 2013-2018, gaps filled by the median of the same country,
outliers treated by the usual rule of skewness and kurtosis, and the default choices of
``gi.measure.rank_intervals``. Nothing is tuned to the ranks afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import geoinno as gi

PILLARS = {
    "science": ["scientists and engineers", "papers", "university R&D staff", "research institutes"],
    "technology": ["patents", "business R&D staff", "medium and high-tech manufacturing"],
    "education": ["tertiary 30-34", "tertiary 25-64", "science and technology graduates"],
    "finance": ["business R&D", "government R&D", "university R&D"],
    "markets": ["knowledge-intensive services", "high-tech services", "high-tech sectors"],
}
COLUMNS = {
    "scientists and engineers": "hrst_st_rcat_CATEGORY_SE_UNIT_PC_POP",
    "papers": "I40Papers",
    "university R&D staff": "rd_p_persreg_PROF_POS_TOTAL_SEX_T_SECTPERF_HES_UNIT_PC_EMP_FTE",
    "research institutes": "GRID_COUNT",
    "patents": "I40_patent_count",
    "business R&D staff": "rd_p_persreg_PROF_POS_TOTAL_SEX_T_SECTPERF_BES_UNIT_PC_EMP_FTE",
    "medium and high-tech manufacturing": "htec_emp_reg2_NACE_R2_C_HTC_MH_UNIT_PC_EMP_SEX_T",
    "tertiary 30-34": "edat_lfse_12_SEX_T_ISCED11_ED5-8_AGE_Y30-34_UNIT_PC",
    "tertiary 25-64": "edat_lfse_04_SEX_T_ISCED11_ED5-8_AGE_Y25-64_UNIT_PC",
    "natural sciences graduates": "Graduates_at_ISCED_6-Natural_sciences_mathematics_and_statistics",
    "computing graduates": "Graduates_at_ISCED_6-Information_and_Communication_Technologies",
    "engineering graduates": "Graduates_at_ISCED_6-Engineering_manufacturing_and_construction",
    "business R&D": "rd_e_gerdreg_SECTPERF_BES_UNIT_PC_GDP",
    "government R&D": "rd_e_gerdreg_SECTPERF_GOV_UNIT_PC_GDP",
    "university R&D": "rd_e_gerdreg_SECTPERF_HES_UNIT_PC_GDP",
    "knowledge-intensive services": "htec_emp_reg2_NACE_R2_KIS_UNIT_PC_EMP_SEX_T",
    "high-tech services": "htec_emp_reg2_NACE_R2_KIS_HTC_UNIT_PC_EMP_SEX_T",
    "high-tech sectors": "htec_emp_reg2_NACE_R2_HTC_UNIT_PC_EMP_SEX_T",
    "population": "demo_r_d2jan_UNIT_NR_SEX_T_AGE_TOTAL",
}
# Counts, taken per head. Graduates are the sum of three fields; the rest are shares as they come.
PER_HEAD = ("papers", "research institutes", "patents", "science and technology graduates")
# No patent or paper found is none; any other gap is unknown.
ZERO_WHERE_BLANK = ("patents", "papers", "research institutes")
YEARS = range(2013, 2019)


def latest(indicators: pd.DataFrame) -> pd.DataFrame:
    """The latest value of each region and column in the years chosen, counts per head."""
    recent = indicators[indicators["YEAR"].isin(YEARS)].sort_values("YEAR")
    table = recent.groupby("NUTS_ID")[list(COLUMNS.values())].last()
    table = table.rename(columns={code: name for name, code in COLUMNS.items()})
    fields = ["natural sciences graduates", "computing graduates", "engineering graduates"]
    table["science and technology graduates"] = table[fields].sum(axis=1, min_count=3)
    blank = list(ZERO_WHERE_BLANK)
    table[blank] = table[blank].fillna(0)
    return table


def main(folder: Path) -> None:
    """Print how the index and its intervals compare with the official ranks."""
    every = latest(pd.read_csv(folder / "indicators.csv"))
    ranks = pd.read_csv(folder / "ranks.csv").replace({"NUTS_ID": {"Dec-00": "DEC0"}})  # a spreadsheet's date
    official = ranks.set_index("NUTS_ID")["regional_innovation_index"].dropna()
    official = official.rank(ascending=False)  # the column holds the index itself: high is good
    table = every.loc[official.index, [*every_indicator(), "population"]]
    holes = table.isna().to_numpy().mean()
    # Countries that report nothing have no median: their regions get that of all regions, as a choice.
    table = table.fillna(table.groupby(table.index.str[:2]).transform("median"))
    options = gi.measure.RankOptions(
        impute=("median", "mean"),
        index=gi.measure.IndexOptions(denominators=dict.fromkeys(PER_HEAD, "population")),
    )
    found = gi.measure.rank_intervals(table, structure=PILLARS, options=options)
    inside = (found.table["low"] <= official) & (official <= found.table["high"])
    width = (found.table["high"] - found.table["low"] + 1).mean()
    print(found)
    print(f"{len(official)} regions; {holes:.1%} of values were missing")
    print(f"Spearman {found.table['rank'].corr(official, method='spearman'):.3f}")
    print(f"official ranks inside the 95% intervals: {inside.mean():.1%}; mean width {width:.1f} ranks")
    print(found.sobol.round(3))
    print(found.indicators[["group", "effective", "with_group", "adds"]].round(2))


def every_indicator() -> list[str]:
    """The names of all indicators, each once."""
    return list(dict.fromkeys(name for members in PILLARS.values() for name in members))


if __name__ == "__main__":
    default = Path(__file__).parents[2] / "shared" / "data" / "eu_innovation"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
