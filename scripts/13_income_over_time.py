# %% [markdown]
# # Income of the American states, 1929 to 2009: do the poor catch up?
# Income of each state relative to the mean of all, in the same classes at nine times: on the web
# with a slider, in print as small maps.

# %%
import geoinno as gi

place = gi.read.sample("north_america")
income = place.panel["income"].unstack()[list(range(1929, 2010, 10))].dropna()
relative = income / income.mean()
states = place.regions.loc[relative.index]
near = gi.weigh.contiguity(states)
for year in (1929, 1969, 2009):
    print(year, f"sd {relative[year].std():.2f}", gi.measure.moran(relative[year], near), sep=": ")

# %%
limits = [relative.min().min(), 0.6, 0.8, 1.0, 1.2, 1.4, relative.max().max()]
sheet = gi.draw.sheet(
    *gi.draw.over_time(states, relative, scheme=limits, midpoint=1, legend="Income, mean of states = 1"),
    title="Income of the American states relative to their mean, 1929 to 2009",
    subtitle="Personal income per head; classes diverge at the mean",
    source=place.source_of("income"),
)
print(sheet.save("maps/13_income_over_time.html"), sheet.save("maps/13_income_over_time.png"))
