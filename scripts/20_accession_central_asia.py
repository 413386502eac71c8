# %% [markdown]
# # Who would gain if all of Central Asia joined the Eurasian Economic Union?
# There is no table of trade between regions, so it is predicted by gravity from city population and distance,
# as if every border divided trade by four. Membership is assumed to raise trade between members by half.

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("central_asia")
regions, people = place.regions, place.regions["city_population"]
country = regions["country"]
abroad = country.to_numpy()[:, None] != country.to_numpy()
inside = np.diag(gi.weigh.internal_distances(regions, rule="head-mayer"))
km = (gi.weigh.distances(regions) + inside) * (1 + 3 * abroad)
flows = gi.measure.balanced_flows(people, people, km, decay=gi.weigh.power(1), own="keep")
trade = gi.simulate.trade_table(flows.flows)

# %% The value of the union, by coalition of the countries that join
nations = trade.groupby(country).sum().T.groupby(country).sum().T
members = list(place.countries.index[place.countries["EAEU"] == 1])
joining = [name for name in nations.index if name not in members]
union = gi.simulate.accession(nations, members, joining=joining, effect=np.log(1.5))
print(union, union.curve.round(0).to_string(), union.shapley.round(0).to_string(), sep="\n")

# %% The same by region, once all have joined: old members trade freely already
old = country.isin(members).to_numpy()
change = np.log(1.5) * (trade * 0 + (abroad & ~(old[:, None] & old)))
everyone = gi.simulate.opening(trade, change, change_se=0.1, elasticity_se=0.5, draws=50)
print(everyone)
sheet = gi.draw.sheet(
    gi.draw.choropleth(regions, 100 * everyone.table["welfare"], legend="Change of welfare, %"),
    title="Welfare in one economic union of Central Asia, by region",
    subtitle="Full general equilibrium; trade predicted by gravity rises by half before prices respond",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/20_accession_central_asia.html"), sheet.save("maps/20_accession_central_asia.png"))
