# %% [markdown]
# # An index of potential for 741 American commuting zones, and how sure its ranks are
# Schools and colleges, people, markets and society. Where is the potential for innovation high, whatever
# choices the index is made of? Zones are drawn as the Voronoi cells of their centres, clipped to land.

# %%
import matplotlib as mpl

import geoinno as gi

place = gi.read.sample("commuting_zones")
zones = place.regions
pillars = {
    "education": ["graduation", "school_spending", "test_scores", "dropouts"],
    "people": ["foreign_born_share", "in_migration", "labour_force_share"],
    "markets": ["income_per_head", "income_growth"],
    "society": ["social_capital", "upward_mobility", "middle_class_share"],
}
table = zones[[column for columns in pillars.values() for column in columns]]
case = {"structure": pillars, "direction": {"dropouts": -1}, "country": zones["state"]}
steps = gi.measure.IndexOptions(impute="median", treat="winsorise")
index = gi.measure.composite_index(table, **case, options=steps)
print(index, index.changes.groupby(["step", "indicator"]).size().to_string(), sep="\n")

# %% How far do ranks depend on the choices, and which choice moves them most?
ranks = gi.measure.rank_intervals(table, **case, options=gi.measure.RankOptions(impute=("mean", "median")))
print(ranks, ranks.sobol.round(2).to_string(), ranks.indicators[["effective", "adds"]].round(2), sep="\n")

# %% The map of the index, and the best with their whiskers.
layer = gi.draw.choropleth(zones, index.scores["index"], title="Index", legend="Index of potential, 0 to 100")
words = {"title": "Potential for innovation in American commuting zones", "source": place.source}
sheet = gi.draw.sheet(layer, subtitle="Voronoi cells of the zones' centres, clipped to land", **words)
print(sheet.save("maps/16_potential_index.html"), sheet.save("maps/16_potential_index.png"))
figure = mpl.figure.Figure(figsize=(12, 6), layout="constrained")
left, right = figure.subplots(1, 2, width_ratios=[1.7, 1])
sheet.figure(ax=left)
figure.suptitle(words["title"] + ": the thirty best")
gi.draw.rank_dots(ranks, regions=zones, count=30, ax=right).savefig(
    "maps/16_potential_index_ranks.png", dpi=150
)
