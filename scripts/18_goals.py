# %% [markdown]
# # Goals that fit resources: incomes and graduation in 741 American commuting zones
# Each zone is set the goal of a tenth more than it has. Which goals do zones with no more resources reach,
# which contradict each other, and how would a national goal be split?

# %%
import matplotlib as mpl

import geoinno as gi

place = gi.read.sample("commuting_zones")
zones = place.regions
columns = ["income_per_head", "labour_force_share", "school_spending", "local_spending"]
known = zones.dropna(subset=columns)
outcomes, resources = known[columns[:2]], known[columns[2:]]
goals = outcomes * 1.1
found = gi.measure.attainable(goals, outcomes, resources, bounds={"labour_force_share": (0, 1)})
print(found)

# %% Two goals may be within reach one by one, and yet not together.
sets = found.conflicts[found.conflicts["goals"].map(len) > 1]
print(len(sets), *sets["words"].head(3), sep="\n")

# %% A mean over zones 5% higher, split so that each closes the same part of its distance to the frontier.
incomes = outcomes["income_per_head"]
split = gi.measure.goal_split(1.05 * incomes.sum(), found, outcome="income_per_head")
print((split / incomes - 1).describe().round(3).to_string())

# %% The map of the chance that the goal is within reach, and the goals farthest out of it.
chance = 100 * found.table["probability"].xs("income_per_head", level="outcome")
layer = gi.draw.choropleth(zones, chance.reindex(zones.index), scheme=[0, 5, 50, 95, 100], legend="Per cent")
words = {"title": "Is a tenth more income within reach of what zones have?", "source": place.source}
sheet = gi.draw.sheet(layer, subtitle="Chance that comparable zones reach it", **words)
print(sheet.save("maps/18_goals.html"), sheet.save("maps/18_goals.png"))
figure = mpl.figure.Figure(figsize=(12, 6), layout="constrained")
left, right = figure.subplots(1, 2, width_ratios=[1.7, 1])
sheet.figure(ax=left)
plot = gi.draw.goal_dots(found, outcome="income_per_head", regions=zones, count=25, ax=right)
figure.suptitle(words["title"])
plot.savefig("maps/18_goals_dots.png", dpi=150)
