# %% [markdown]
# # Growth poles of Central Asia, and the spaces between them
# Which regions stand out, and by which rules; which poles pull at the regions between them; and how
# robust the types of space are.

# %%
import geoinno as gi

place = gi.read.sample("central_asia")
regions = place.regions
people, near = regions["city_population"], gi.weigh.contiguity(regions)
poles = gi.measure.growth_poles(people, near, regions=regions)
named = poles[poles["pole"]].assign(name=regions["name"]).sort_values("rank")
print(named[["name", "level", "rules", "dense_cluster", "residual", "hot_spot"]].to_string(index=False))

# %% The pull of poles at each region, halved every 200 km; and border regions drawn to a pole abroad.
costs, decay = gi.weigh.distances(regions), gi.weigh.exponential(200)
pulled = gi.measure.pull(people, costs, poles, decay=decay)
abroad = pulled["pole"].map(regions["country"]) != regions["country"]
interface = abroad & gi.measure.exposure(regions)["on_border"]
draws = gi.measure.pull_draws(people, costs, poles, decay=decay)
types = gi.classify.space_types(pulled, poles, draws=draws, interface=interface)
print(types["type"].value_counts().to_string(), types["agreement"].median(), sep="\n")
print(*gi.classify.explained(types, pulled, names=regions["name"]).head(12), sep="\n")

# %% Points at which two neighbouring poles pull equally.
breaks, cities = gi.measure.break_points(people, regions, poles), regions["largest_city"]
sheet = gi.draw.sheet(
    gi.draw.roles(regions, types, title="Roles"),
    gi.draw.choropleth(regions, pulled["contestedness"], title="Contested", legend="Contestedness (0 to 1)"),
    gi.draw.pole_points(poles, regions, people, labels=cities, breaks=breaks.head(6), title="Poles"),
    title="Growth poles of Central Asia, and the spaces between them",
    subtitle="Roles by the pull of poles (city population, halved every 200 km); "
    "dots: fewer than 80% of 200 perturbed draws agree",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/10_growth_poles.html"), sheet.save("maps/10_growth_poles.png"))
