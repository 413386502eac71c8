# %% [markdown]
# # Where city population and income cluster: the United States, Mexico and Canada
# Two views of one map: city population per area, and the income of each region relative to the mean
# of its country. The sentences that are printed say how alike neighbours are.

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("north_america")
regions = place.regions
density = regions["city_population"] / regions["area_km2"]

# %% Ratios are compared on the logarithm; Canada, Alaska, Hawaii and Washington report no income.
reporting = regions.dropna(subset="income")
print("City population:", gi.measure.moran(np.log(density), gi.weigh.contiguity(regions)))
print("Income:", gi.measure.moran(np.log(reporting["income"]), gi.weigh.contiguity(reporting)))

# %%
city = gi.draw.choropleth(
    regions, density, scheme="quantiles", title="City population", legend="City population per km\u00b2"
)
income = gi.draw.choropleth(
    regions,
    regions["income"],
    scheme=[0.4, 0.7, 0.85, 1.0, 1.15, 1.4, 2.7],
    midpoint=1,
    title="Income",
    legend="Income per head, 2000 (mean of the country = 1)",
)
sheet = gi.draw.sheet(
    city,
    income,
    title="Where people and income concentrate in North America",
    subtitle="Population of cities above 5,000 people by area, quintiles; "
    "income per head in 2000 relative to the country's mean",
    source=place.source_of("city_population", "income"),
)
print(sheet.save("maps/01_agglomeration.html"), sheet.save("maps/01_agglomeration.png"))
