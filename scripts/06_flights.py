# %% [markdown]
# # Flights between the states of the United States, 2008: poles and balances
# The largest flows between states as arrows, the states they touch as poles, and what each state
# sends in excess of what it receives.

# %%
import geoinno as gi

place = gi.read.sample("north_america")
states = place.regions[place.regions["country"] == "USA"]
mainland = states[~states["name"].isin(["Alaska", "Hawaii"])]
balances = gi.measure.balances(place.flows, complete=True)  # all flights are counted: no row, no flight
named = balances.rename(states["name"])
print(
    named.nlargest(8, "inflow")[["inflow", "outflow", "internal", "net", "self_containment"]]
    .round(3)
    .to_string()
)

# %% How fast do flights fall with distance, given the size of both ends?
fit = gi.measure.gravity(place.flows, gi.weigh.distances(states))
print(fit)

# %%
inside = balances["self_containment"].reindex(states.index) * 100
sheet = gi.draw.sheet(
    gi.draw.choropleth(states, inside, title="Within the state", legend="Flights that stay in the state, %"),
    gi.draw.flow_lines(place.flows, states, top=45, legend="Flights, 2008"),
    title="Flights between the states of the United States, 2008",
    subtitle="The 45 largest of all flows between states; share of departures that stay within the state",
    source=place.source_of("flows"),
    focus=mainland,
)
print(sheet.save("maps/06_flights.html"), sheet.save("maps/06_flights.png"))
