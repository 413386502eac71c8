"""An index of European regions from raw indicators beside the Regional Innovation Index of 2019.

    python benchmarks/regional_innovation_index.py [folder with indicators.csv and ranks.csv]

What enters was chosen and written down before the official ranks were looked at: the columns below, five
pillars of equal weight, the latest value of 2013-2018, gaps filled by the median of the same country,
outliers treated by the usual rule of skewness and kurtosis, and the default choices of
``gi.measure.rank_intervals``. Nothing is tuned to the ranks afterwards.
"""

from __future__ import annotations

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
