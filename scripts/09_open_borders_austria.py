# %% [markdown]
# # Austria with open borders: endogenous and exogenous potential
# How far do Austrians move? The decay fitted to their migration weights the cities around each
# region; abroad, a quarter of them counts today. What would open borders add?

# %%
import geoinno as gi

place = gi.read.sample("austria")
regions = place.regions
fit = gi.measure.decay_fit(place.flows, gi.weigh.distances(regions), families=("exponential",))
print(fit)

# %%
people = regions["city_population"]
parts = gi.measure.latent_potential(people, regions, decay=fit.best, country="country", border_factor=0.25)
home = regions["country"] == "AUT"
table = parts.assign(name=regions["name"])[home].set_index("name")
print((table[["exogenous_share", "gain"]] * 100).round(1).sort_values("gain").to_string())

# %%
million = parts[["endogenous", "latent"]] / 1e6
sheet = gi.draw.sheet(
    gi.draw.bivariate(
        regions,
        million["endogenous"].rename("at home"),
        million["latent"].rename("behind the border"),
        title="At home and behind the border",
        legend="City population within reach, million",
    ),
    gi.draw.choropleth(regions, 100 * parts["gain"], title="Gain", legend="Gain if borders were open, %"),
    title="Potential at home and abroad: Austria and its neighbours",
    subtitle="City population within reach, by the decay of Austrian moves 2006; abroad a quarter counts",
    source=place.source_of("flows", "city_population"),
)
print(sheet.save("maps/09_open_borders_austria.html"), sheet.save("maps/09_open_borders_austria.png"))
