# %% [markdown]
# # Who dominates whom: flights between the states of the United States, 2008
# A state is dominated by the state to which its largest flow goes, if that state receives more. States
# that no other dominates are the terminals of the network.

# %%
import geoinno as gi

place = gi.read.sample("north_america")
states = place.regions[place.regions["country"] == "USA"]
mainland = states[~states["name"].isin(["Alaska", "Hawaii"])]
nodal = gi.measure.dominant_flows(place.flows)
print(nodal["level"].value_counts().to_string())
named = nodal.assign(name=states["name"]).sort_values("dominates", ascending=False)
print(named[["name", "level", "dominates", "inflow"]].head(8).to_string(index=False))
print(f"Functional polycentricity {gi.measure.polycentricity(place.flows):.2f}")

# %% The largest flow of each dominated state.
largest = nodal.dropna(subset="dominated_by").rename_axis("origin").reset_index()
largest = largest.rename(columns={"dominated_by": "destination", "flow": "value"})
root = nodal["root"].map(states["name"]).reindex(states.index)

# %%
sheet = gi.draw.sheet(
    gi.draw.categories(states, root, title="Areas", legend="Area dominated by"),
    gi.draw.flow_lines(largest[["origin", "destination", "value"]], states, top=60, legend="Flights, 2008"),
    title="Dominant flights between the states of the United States, 2008",
    subtitle="The largest flow of each state that goes to a state that receives more (Nystuen and Dacey)",
    source=place.source_of("flows"),
    focus=mainland,
)
print(sheet.save("maps/11_dominant_flows.html"), sheet.save("maps/11_dominant_flows.png"))
