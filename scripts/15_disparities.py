# %% [markdown]
# # Disparities between American states, 1929 to 2009
# Inequality year by year with its interval, how much of it lies between neighbours, how states move
# between classes of income, and who rose and who fell.

# %%
import pandas as pd

import geoinno as gi

place = gi.read.sample("north_america")
income = place.panel["relative_income"].filter(like="USA").unstack()[list(range(1929, 2010, 4))]  # noqa: PD010
states = place.regions.loc[income.index]
near = gi.weigh.contiguity(states)
found = {year: gi.measure.inequality_intervals(income[year], draws=199) for year in income}
index, low, high = (
    pd.DataFrame({year: found[year].loc[["gini", "theil"], part] for year in income}).T
    for part in ("estimate", "low", "high")
)
for year in (1929, 2009):
    print(year, gi.measure.spatial_gini(income[year], near), sep=": ")

# %%
title = "Inequality of income per head between American states"
figure = gi.draw.trend_lines(index, low=low, high=high, unit="Index, with 95% intervals", title=title)
figure.savefig("maps/15_disparities_trend.png", dpi=200, metadata={"Software": None})
chain = gi.measure.markov(place.panel["relative_income"].filter(like="USA"))
figure = gi.draw.transition_matrix(chain, title="Transitions between fifths, from year to year")
figure.savefig("maps/15_disparities_matrix.png", dpi=200, metadata={"Software": None})

# %%
sheet = gi.draw.sheet(
    gi.draw.mobility_map(states, chain, legend="Change between fifths of income"),
    title="Who rose and who fell: income of American states, 1929 to 2009",
    source=place.source_of("income"),
)
print(chain, sheet.save("maps/15_disparities.html"), sheet.save("maps/15_disparities.png"), sep="\n")
