# %% [markdown]
# # Springboards of Central Asia
# A border can be a wall or a springboard. Which border regions have much to gain across it, their
# country behind them, and a pole nearby? Today a fifth of foreign mass counts; the ranks show how
# robust the answer is.

# %%
import geoinno as gi

place = gi.read.sample("central_asia")
regions = place.regions
people, decay = regions["city_population"], gi.weigh.exponential(200)
board = gi.measure.springboard(people, regions, decay=decay, border_factor=0.2)
kinds = gi.classify.border_types(board)
named = board.assign(name=regions["name"], kind=kinds).sort_values("rank")
print(
    named[["name", "kind", "gain", "betweenness", "pole_km", "rank", "rank_low", "rank_high"]]
    .head(12)
    .to_string()
)

# %% How exposed are they?
edge = gi.measure.exposure(regions)
print(edge.groupby(regions["country"])[["foreign_km", "foreign_share"]].mean().round(2).to_string())

# %%
sheet = gi.draw.sheet(
    gi.draw.categories(regions, kinds.astype("object"), title="Type", legend="Type of border region"),
    gi.draw.choropleth(regions, 100 * board["gain"], title="Gain", legend="Gain if borders were open, %"),
    gi.draw.choropleth(
        regions, 100 * board["betweenness"], title="Betweenness", legend="Share of routes abroad, %"
    ),
    title="Springboards and cul-de-sacs: border regions of Central Asia",
    subtitle="City population within reach (half at 200 km; abroad a fifth counts), routes over neighbours",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/08_springboards.html"), sheet.save("maps/08_springboards.png"))
