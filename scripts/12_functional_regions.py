# %% [markdown]
# # Functional regions of the United States, by flights
# The states that exchange most for their size are merged step by step, into eight regions whose
# states depend on each other more than on the rest.

# %%
import geoinno as gi

place = gi.read.sample("north_america")
states = place.regions[place.regions["country"] == "USA"]
mainland = states[~states["name"].isin(["Alaska", "Hawaii"])]
found = gi.measure.intramax(place.flows, regions=8)
print(found.attrs["merges"].tail(12).to_string(index=False))

# %%
hub = found.map(states["name"]).reindex(states.index)
print(hub.value_counts().to_string())
inside = 100 * gi.measure.balances(place.flows)["self_containment"].reindex(states.index)

# %%
sheet = gi.draw.sheet(
    gi.draw.categories(states, hub, title="Functional regions", legend="Region, by its largest hub"),
    gi.draw.choropleth(states, inside, title="Self-containment", legend="Flights that stay in the state, %"),
    title="Functional regions of the United States by flights, 2008",
    subtitle="States merged step by step by what they exchange for their size (intramax, Masser and Brown)",
    source=place.source_of("flows"),
    focus=mainland,
)
print(sheet.save("maps/12_functional_regions.html"), sheet.save("maps/12_functional_regions.png"))
