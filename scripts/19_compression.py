# %% [markdown]
# # Central Asia when borders take minutes, not hours
# Road travel at 60 km/h, with four hours at every border. What if half an hour were enough? Potential before
# and after, the time-space map on which distance is time, and the roads that would raise potential most.

# %%
import pandas as pd

import geoinno as gi

place = gi.read.sample("central_asia")
regions, people = place.regions, place.regions["city_population"]
minutes = gi.weigh.travel_minutes(regions, speed_kmh=60, border_minutes=240)
decay = gi.weigh.exponential(240)
faster = gi.simulate.compression(people, regions, decay=decay, costs=minutes, border_minutes_saved=210)
print(faster)

# %% Where would places lie if distance were time?
slow = gi.simulate.time_space(minutes, regions)
print(slow)

# %% Which two of these roads, at 100 km/h and without a wait, raise potential most?
ends = [("UZB-4828", "KAZ-3195"), ("UZB-361", "KGZ-1119"), ("TJK-369", "UZB-4828"), ("KAZ-3236", "KGZ-1119")]
km = gi.weigh.distances(regions)
roads = pd.DataFrame(ends, columns=["origin", "destination"]).assign(minutes=[0.72 * km.loc[e] for e in ends])
print(gi.simulate.best_links(people, regions, roads, budget=2, decay=decay, costs=minutes))

# %%
million = pd.DataFrame({"before": faster.before["total"], "after": faster.after["total"]}) / 1e6
note = f"Stress {slow.stress:.2f}; geography itself has {slow.geographic_stress:.2f}."
sheet = gi.draw.sheet(
    *gi.draw.over_time(regions, million, legend="City population within reach, millions"),
    gi.draw.displacements(slow.places, regions, least_km=50, title="Drawn by travel time", note=note),
    title="Central Asia before and after waits at borders shrink to half an hour",
    subtitle="60 km/h, mass counts half at four hours; arrows lead to the time-space map of today",
    source=place.source_of("city_population"),
)
print(sheet.save("maps/19_compression.html"), sheet.save("maps/19_compression.png"))
