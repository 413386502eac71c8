# %% [markdown]
# # Local clusters of income in 1940, 1970 and 2000, with the false discovery rate held at 5%
# Local Moran over the states of the United States and Mexico. Each region's p-value comes from
# 9,999 conditional permutations and is adjusted for the eighty tests.

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("north_america")
regions = place.regions.dropna(subset="income")
near = gi.weigh.contiguity(regions)

# %% Incomes are ratios to the country's mean of the year, so neighbours are compared on the logarithm.
layers = []
for year in (2000, 1970, 1940):
    income = np.log(place.panel["relative_income"].xs(year, level="year"))[regions.index]
    local = gi.measure.local_moran(income, near)
    layers.append(
        gi.draw.cluster_map(regions, local, title=str(year), legend=f"Income among neighbours, {year}")
    )
    print(year, gi.measure.moran(income, near))

# %%
sheet = gi.draw.sheet(
    *layers,
    title="Where rich and poor states lie together: the United States and Mexico, 1940 to 2000",
    subtitle="Local Moran of log income per head relative to the country's mean; queen contiguity, "
    "9,999 permutations, q \u2264 0.05 (Benjamini-Hochberg)",
    source=place.source_of("relative_income"),
)
print(sheet.save("maps/02_local_clusters.html"), sheet.save("maps/02_local_clusters.png"))
