# %% [markdown]
# # Market potential of North America, at home and across the border
# The potential of a region is the city population within reach, whose weight halves every 400 km;
# across a border one third of it counts. What share of potential lies abroad?

# %%
import geoinno as gi

place = gi.read.sample("north_america")
regions = place.regions
mass = regions["city_population"]
decay = gi.weigh.exponential(400)
potential = gi.measure.market_potential(mass, regions, decay=decay, country="country", border_factor=1 / 3)
print(potential.describe().round(2).to_string())

# %% How much would open borders add?
open_borders = gi.measure.market_potential(mass, regions, decay=decay, country="country")
gain = (open_borders["total"] / potential["total"] - 1).mul(100).rename("gain")
print(gain.nlargest(5).round(1).rename(regions["name"]).to_string())

# %%
million = potential["total"] / 1e6
abroad = potential["exogenous_share"] * 100
sheet = gi.draw.sheet(
    gi.draw.choropleth(regions, million, title="Potential", legend="City population within reach, millions"),
    gi.draw.choropleth(regions, abroad, title="Share abroad", legend="Share of the potential abroad, %"),
    gi.draw.choropleth(regions, gain, title="Open borders", legend="Gain if borders were open, %"),
    title="Market potential of the regions of North America",
    subtitle="City population weighted by distance (half at 400 km), own region included; "
    "across a border one third gets through",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/05_market_potential.html"), sheet.save("maps/05_market_potential.png"))
