# %% [markdown]
# # Road laws in the American states: how innovations spread
# Seven laws, 1980 to 2004. Do states follow their neighbours, or the larger states? Who leads, how fast
# does a law grow, and which states come next?

# %%
import geoinno as gi

place = gi.read.sample("policies")
states, laws = place.regions, place.adoptions
near = gi.weigh.contiguity(states)
hazard = gi.measure.diffusion_hazard(laws, near, size=states["population_2010"], permutations=999)
print(hazard, hazard.coefficients.round(2).to_string(), sep="\n")

# %% The curve of one law, and another carried forward from the last year observed.
when = laws.loc[laws["innovation"] == "graduated_licence", "period"]
print(gi.measure.growth_curve(when.value_counts().sort_index().cumsum(), model="bass"))
ahead = gi.simulate.spread(hazard, periods=10, innovation="licence_revocation", observed_to=2004)
print(ahead)

# %% The laws in force in each state, year by year: a slider on the web, small maps in print.
starts = laws.groupby(["region", "period"]).size().unstack(fill_value=0)
ends = laws.groupby(["region", "ended"]).size().unstack(fill_value=0).reindex_like(starts).fillna(0)
force = (starts - ends).cumsum(axis=1)[list(range(1980, 2005, 3))]
sheet = gi.draw.sheet(
    *gi.draw.over_time(states, force, scheme=list(range(8)), legend="Laws in force, of 7"),
    title="Seven road laws spread over the American states, 1980 to 2004",
    subtitle="Seat belts, drinking age, zero tolerance, graduated licence, alcohol, revocation, speed",
    source=place.source_of("panel"),
)
print(sheet.save("maps/22_diffusion.html"), sheet.save("maps/22_diffusion.png"))

# %% When revocation of the licence came, or is to come, and who leads.
since, limits = ahead.arrival - 1980, [0, 5, 10, 15, 24, 34]  # the last class is of years to come
arrival = gi.draw.choropleth(states, since, scheme=limits, title="Arrival", legend="Years after 1980")
lead = gi.draw.choropleth(
    states, hazard.leaders["lead"], midpoint=1, title="Leaders", legend="Adoptions over those expected"
)
two = gi.draw.sheet(arrival, lead, title="Where road laws came first", source=place.source_of("panel"))
print(two.save("maps/22_diffusion_arrival.html"), two.save("maps/22_diffusion_arrival.png"))
