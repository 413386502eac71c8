# Write how long the borders between the regions of the samples are: Rscript geometry.R

source("maps.R")

measured <- function(name) {
  shapes <- st_geometry(read_sample(name))
  ids <- read_sample(name)$region
  rook <- contiguity(shapes, ids, FALSE)
  pairs <- subset(listw2sn(nb2listw(rook, style = "B", zero.policy = TRUE)), from < to)
  shared <- do.call(c, Map(function(i, j) {
    border <- suppressMessages(st_intersection(shapes[i], shapes[j]))
    mixed <- st_is(border, "GEOMETRYCOLLECTION") # lines, and points where they touch once more
    st_combine(if (mixed) st_collection_extract(border, "LINESTRING") else border)
  }, pairs$from, pairs$to))
  data.frame(first = ids[pairs$from], second = ids[pairs$to],
    ellipsoid_km = as.numeric(lwgeom::st_geod_length(shared)) / 1000,
    sphere_km = s2::s2_length(shared) / 1000)
}

for (name in c("central_asia", "north_america")) {
  lengths <- measured(name)
  lengths[-(1:2)] <- signif(lengths[-(1:2)], 12)
  write.csv(lengths, paste0("borders_", name, ".csv"), row.names = FALSE, quote = FALSE)
  total <- colSums(lengths[-(1:2)])
  cat(sprintf("%s: %d borders, %.1f km on the ellipsoid, %.1f km on the sphere (%+.2f%%; pairs %+.2f%% to %+.2f%%)\n",
    name, nrow(lengths), total[[1]], total[[2]], 100 * (total[[2]] / total[[1]] - 1),
    100 * min(lengths$sphere_km / lengths$ellipsoid_km - 1), 100 * max(lengths$sphere_km / lengths$ellipsoid_km - 1)))
}
