# %% [markdown]
# # Borders of North America: where neighbours differ, and whether borders explain it
# Cities are dense on one side of a border and sparse on the other. Is the difference greater across
# national borders than between states and provinces?

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("north_america")
regions = place.regions
density = np.log10(regions["city_population"] / regions["area_km2"]).rename("density")
borders = gi.measure.segments(regions)
between = gi.measure.contrast(gi.measure.detrended(density, regions, degree=2), borders)
print(borders.groupby(["first_country", "second_country"])["length_km"].sum().round(0).to_string())

# %% Two randomisation tests: with three countries, standard errors cannot be clustered by country.
print(gi.measure.dissimilarity(gi.measure.detrended(density, regions, degree=2), borders))
print(gi.measure.boundary_overlap(density, borders))

# %% Which regions resemble their neighbours across the border?
weights = gi.weigh.contiguity(regions)
parted = gi.measure.cross_border_moran(density, weights, regions["country"])
print(parted, parted.table["label"].value_counts().to_string(), sep="\n")

# %%
sheet = gi.draw.sheet(
    gi.draw.choropleth(regions, density, legend="City population per km\u00b2 (log10)"),
    gi.draw.border_lines(borders, between, legend="Difference between neighbours (log10)"),
    title="Where neighbouring regions differ: cities of North America",
    subtitle="City population per km\u00b2; lines: contrasts left by a smooth surface; all national borders",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/07_border_contrast.html"), sheet.save("maps/07_border_contrast.png"))
