# %% [markdown]
# # Open a border: Uzbekistan and Kazakhstan
# A slider opens the border between two countries by degrees. Trade between regions is predicted by gravity,
# as if every border divided it by four; welfare, incomes, winners and outsiders are those of full general
# equilibrium, worked out beforehand at eleven degrees of openness.

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("central_asia")
regions, people = place.regions, place.regions["city_population"]
country = regions["country"].to_numpy()
inside = np.diag(gi.weigh.internal_distances(regions, rule="head-mayer"))
km = (gi.weigh.distances(regions) + inside) * (1 + 3 * (country[:, None] != country))
flows = gi.measure.balanced_flows(people, people, km, decay=gi.weigh.power(1), own="keep")
trade = gi.simulate.trade_table(flows.flows)

# %% Fully open, the border between the two lets four times as much trade through at given prices
kazakh, uzbek = country == "KAZ", country == "UZB"
between = (kazakh[:, None] & uzbek) | (uzbek[:, None] & kazakh)
grid = gi.simulate.opening_grid(trade, np.log(4) * (trade * 0 + between), names=regions["name"])
print(grid)

# %%
percent = (100 * grid.table[["welfare", "income", "exports"]]).join(grid.table["role"])
units = {"welfare": "Welfare, %", "income": "Income, %", "exports": "Exports, %", "role": "Role"}
layers = gi.draw.over_scenarios(
    regions, percent.rename(columns=units), "Welfare, %", notes=grid.notes, midpoint=(-0.05, 0.05)
)
sheet = gi.draw.sheet(
    *layers,
    title="What if the border between Kazakhstan and Uzbekistan opened?",
    subtitle="Change of welfare in full general equilibrium, on trade predicted by gravity",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/21_open_borders.html"), sheet.save("maps/21_open_borders.png"))
