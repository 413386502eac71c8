# %% [markdown]
# # Springboards of Central Asia
# A border can be a wall or a springboard. Which border regions have much before them, their country
# behind them, and a pole at hand? Today a fifth of foreign mass counts; the ranks say how firm that is.

# %%
import geoinno as gi

place = gi.read.sample("central_asia")
regions = place.regions
people, decay = regions["city_population"], gi.weigh.exponential(200)
board = gi.measure.springboard(people, regions, decay=decay, border_factor=0.2)
kinds = gi.classify.border_types(board)
named = board.assign(name=regions["name"], kind=kinds).sort_values("rank")
print(
    named[["name", "kind", "gain", "gateway", "pole_km", "rank", "rank_low", "rank_high"]]
    .head(12)
    .to_string()
)

# %% How exposed are they?
edge = gi.measure.exposure(regions)
print(edge.groupby(regions["country"])[["foreign_km", "foreign_share"]].mean().round(2).to_string())

# %%
sheet = gi.draw.sheet(
    gi.draw.categories(regions, kinds.astype("object"), title="Kind", legend="What the border is"),
    gi.draw.choropleth(regions, 100 * board["gain"], title="Gain", legend="Gain if borders opened, %"),
    gi.draw.choropleth(regions, 100 * board["gateway"], title="Gateway", legend="Ways abroad that pass, %"),
    title="Springboards and cul-de-sacs: border regions of Central Asia",
    subtitle="City people within reach (half at 200 km; abroad a fifth counts), ways over neighbours",
    source=place.source,
)
print(sheet.save("maps/08_springboards.html"), sheet.save("maps/08_springboards.png"))
