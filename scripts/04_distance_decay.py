# %% [markdown]
# # How migration falls with distance: Austria, 2006
# A gravity model with effects of origin and destination, fitted to the moves between the nine
# regions; a comparison of decay families; and the flows on a map.

# %%
import geoinno as gi

place = gi.read.sample("austria")
austria = place.regions[place.regions["country"] == "AUT"]
km = gi.weigh.distances(austria)

# %% First one elasticity, then a comparison of families.
fit = gi.measure.gravity(place.flows, km)
fits = gi.measure.decay_fit(place.flows, km)
print(fit)
print(fits)
print(fits.table[["family", "half", "aic", "cpc"]].round(2).to_string(index=False))

# %%
curve = gi.draw.decay_curves(fits, km, fitted=fit, title="Migration and distance, Austria 2006")
curve.savefig("maps/04_distance_decay_curve.png", dpi=200, metadata={"Software": None})

# %%
density = place.regions["city_population"] / place.regions["area_km2"]
sheet = gi.draw.sheet(
    gi.draw.choropleth(
        place.regions, density, title="City population", legend="City population per km\u00b2"
    ),
    gi.draw.flow_lines(place.flows, austria, share=0.85, legend="People who moved, 2006"),
    title="Migration between the regions of Austria, 2006",
    subtitle="The largest flows; moves fall with distance to the power "
    f"{fit.coefficients.loc['cost', 'estimate']:.2f} (Poisson, effects of both ends)",
    source=place.source_of("flows", "city_population"),
    focus=austria,
)
print(sheet.save("maps/04_distance_decay.html"), sheet.save("maps/04_distance_decay.png"))
