# %% [markdown]
# # Where American states fly to, and which links they could add with whose help
# Flights of 2008 as a table of states by destinations: who is specialised, which destinations go together,
# and for each state the best link that it lacks, with the state near by that has what it takes.

# %%
import geoinno as gi

place = gi.read.sample("north_america")
flights = place.flows.pivot_table(index="origin", columns="destination", values="value", fill_value=0)
states, name = place.regions.loc[flights.index], place.regions["name"]
flights = flights.rename(columns=name)

# %% Who flies to other places than the rest of the country, and what is most particular to whom?
apart = gi.measure.krugman(flights).rename(name).nlargest(5)
quotient = gi.measure.location_quotient(flights).rename(index=name).stack()
print("Krugman's index:", apart.round(2).to_string(), quotient.nlargest(5).round(1).to_string(), sep="\n")

# %%
has = gi.measure.presence(flights)
near = gi.measure.proximity(has)
links = gi.measure.complexity(has)
print(links)
options = gi.measure.complements(has, near, states, decay=gi.weigh.exponential(400), complexity=links)
best = options.loc[options.groupby("region")["priority"].idxmax()]
print(best["activity"].value_counts().head(5).to_string())

# %%
sheet = gi.draw.sheet(
    *gi.draw.option_map(states, options, title="Best new link"),
    title="Which air link next? American states, 2008",
    subtitle="The destination of the highest priority that a state lacks, and the state that adds most to it",
    source=place.source_of("flows"),
)
print(sheet.save("maps/17_specialisation.html"), sheet.save("maps/17_specialisation.png"))
