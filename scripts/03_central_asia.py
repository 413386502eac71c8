# %% [markdown]
# # Central Asia: where cities cluster, and how far the largest outweighs the others
# Five countries whose oases and capitals lie far apart. Three views: city population by area, the
# share of each region's largest city, and hot spots of city density.

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("central_asia")
regions = place.regions
near = gi.weigh.contiguity(regions)
density = (regions["city_population"] / regions["area_km2"]).rename("density")

# %% Densities span four orders of magnitude, so neighbours are compared on the logarithm.
local = gi.measure.local_moran(np.log(density), near)
print(gi.measure.moran(np.log(density), near))

# %%
views = (
    gi.draw.choropleth(regions, density, title="City population", legend="City population per km\u00b2"),
    gi.draw.choropleth(
        regions, regions["primacy"] * 100, title="Primacy", legend="Largest city, % of city population"
    ),
    gi.draw.cluster_map(
        regions, local, title="Clusters", legend="Log city density of neighbours, q \u2264 0.05"
    ),
)
sheet = gi.draw.sheet(
    *views,
    title="Cities of Central Asia: dense oases, far-apart poles",
    subtitle="Population of cities above 5,000 people by region; quintiles. "
    "City figures show agglomeration, not innovation",
    source=place.source_of("primacy"),
)
print(sheet.save("maps/03_central_asia.html"), sheet.save("maps/03_central_asia.png"))
