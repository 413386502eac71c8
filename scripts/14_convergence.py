# %% [markdown]
# # Do poor states catch up? The United States 1929 to 2009, Mexico 1940 to 2000
# The speed at which gaps close, with its interval, a test against maps of noise and one of a spatial unit
# root; the spread of incomes; and convergence clubs: do states with a common path lie beside each other?

# %%
import numpy as np

import geoinno as gi

place = gi.read.sample("north_america")
for country in ("USA", "MEX"):
    panel = place.panel["income"].filter(like=country).dropna()
    income = panel.unstack()
    states = place.regions.loc[income.index]
    first, last = income.columns[[0, -1]]
    catching_up = gi.measure.beta_convergence(income[first], income[last], years=last - first, regions=states)
    spread = gi.measure.sigma_convergence(panel)
    clubs = gi.measure.convergence_clubs(np.log(panel), weights=gi.weigh.contiguity(states))
    print(country, catching_up, spread, clubs, sep="\n", end="\n\n")

# %% Clubs of the last country, Mexico; those who leave their club in samples of states are dotted.
sheet = gi.draw.sheet(
    gi.draw.club_map(states, clubs, legend="Convergence clubs, 1940 to 2000"),
    title="Convergence clubs of the Mexican states, 1940 to 2000",
    subtitle="Log GDP per head by decade, unfiltered (Phillips and Sul); dots: stays with its club in less "
    "than 75% of bootstrap samples",
    source=place.source_of("income"),
)
print(sheet.save("maps/14_convergence.html"), sheet.save("maps/14_convergence.png"))
