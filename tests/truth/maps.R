# The maps of the truth files: who neighbours whom, and what is measured there.
# Sourced by the other scripts; run them from this folder.

suppressPackageStartupMessages({
  library(sf)
  library(spdep)
  library(jsonlite)
})
suppressMessages(sf_use_s2(FALSE)) # neighbours share coordinates, so the plane tells them exactly
set.ZeroPolicyOption(TRUE)

DIGITS <- 10 # values are rounded before anything is measured, so that files hold just what R saw

read_sample <- function(name) {
  shapes <- st_read(file.path("../../data/shapes", paste0(name, ".geojson")), quiet = TRUE)
  numbers <- read.csv(file.path("../../data/indicators", paste0(name, ".csv")))
  cbind(shapes, numbers[match(shapes$region, numbers$region), -1])
}

contiguity <- function(shapes, ids, queen) {
  suppressMessages(poly2nb(shapes, row.names = ids, queen = queen))
}

# Keep the links between i and j for which keep(i, j) holds.
pruned <- function(nb, keep) {
  left <- lapply(seq_along(nb), function(i) {
    j <- setdiff(nb[[i]], 0L)
    j <- j[keep(rep(i, length(j)), j)]
    if (length(j)) j else 0L
  })
  attributes(left) <- attributes(nb)
  left
}

new_map <- function(ids, values, kinds, graphs, weights = list()) {
  values <- lapply(values, signif, digits = DIGITS)
  list(ids = as.character(ids), values = values, kinds = kinds, graphs = graphs, weights = weights)
}

columbus_map <- function() {
  shapes <- st_read(system.file("shapes/columbus.shp", package = "spData"), quiet = TRUE)
  ids <- as.character(shapes$POLYID)
  places <- cbind(shapes$X, shapes$Y)
  band <- dnearneigh(places, 0, 3.2, row.names = ids)
  inverse <- lapply(nbdists(band, places), function(d) signif(1 / d, DIGITS))
  new_map(ids,
    values = list(CRIME = shapes$CRIME, HOVAL = shapes$HOVAL),
    kinds = shapes$CRIME > 35,
    graphs = list(
      queen = contiguity(shapes, ids, TRUE),
      rook = contiguity(shapes, ids, FALSE),
      nearest = knn2nb(knearneigh(places, k = 4), row.names = ids),
      band = band,
      inverse = band
    ),
    weights = list(inverse = inverse)
  )
}

nc_map <- function() {
  shapes <- st_read(system.file("shape/nc.shp", package = "sf"), quiet = TRUE)
  ids <- as.character(shapes$FIPS)
  queen <- contiguity(shapes, ids, TRUE)
  alone <- match(c("37009", "37053", "37119"), ids) # Ashe, Currituck, Mecklenburg
  rate <- 1000 * shapes$SID74 / shapes$BIR74
  tukey <- sqrt(1000) * (sqrt(shapes$SID74 / shapes$BIR74) + sqrt((shapes$SID74 + 1) / shapes$BIR74))
  new_map(ids,
    values = list(freeman_tukey = tukey, rate = rate),
    kinds = rate > 2.5,
    graphs = list(
      queen = queen,
      rook = contiguity(shapes, ids, FALSE),
      cut = pruned(queen, function(i, j) !(i %in% alone | j %in% alone))
    )
  )
}

sample_map <- function(name, values, kinds, abroad = FALSE) {
  shapes <- read_sample(name)
  ids <- shapes$region
  queen <- contiguity(shapes, ids, TRUE)
  graphs <- list(queen = queen, rook = contiguity(shapes, ids, FALSE))
  if (abroad) {
    graphs$abroad <- pruned(queen, function(i, j) shapes$country[i] != shapes$country[j])
  }
  new_map(ids, values = values(shapes), kinds = kinds(shapes), graphs = graphs)
}

many <- function(x) x > median(x)

maps <- function() {
  list(
    columbus = columbus_map(),
    nc = nc_map(),
    central_asia = sample_map("central_asia",
      values = function(s) list(density = log1p(s$city_population / s$area_km2), primacy = s$primacy),
      kinds = function(s) s$country == "KAZ",
      abroad = TRUE
    ),
    north_america = sample_map("north_america",
      values = function(s) list(density = log1p(s$city_population / s$area_km2), primacy = s$primacy),
      kinds = function(s) many(s$city_population / s$area_km2)
    ),
    austria = sample_map("austria",
      values = function(s) list(density = log1p(s$city_population / s$area_km2)),
      kinds = function(s) many(s$city_population / s$area_km2),
      abroad = TRUE
    )
  )
}

linked <- function(map, graph) card(map$graphs[[graph]]) > 0

# Weights of the regions that have neighbours: spdep would keep the others in means, squares and shuffles,
# so they are taken out before it is called.
as_weights <- function(map, graph, style) {
  left <- linked(map, graph)
  glist <- map$weights[[graph]]
  nb2listw(subset(map$graphs[[graph]], left), glist = if (!is.null(glist)) glist[left], style = style)
}

as_kinds <- function(kinds) factor(kinds, levels = c(TRUE, FALSE), labels = c("B", "W"))

# Neighbours (and weights, where they are not one) by region; a region without any has an empty list.
written_graphs <- function(map) {
  lapply(setNames(nm = names(map$graphs)), function(graph) {
    neighbours <- lapply(map$graphs[[graph]], function(j) I(map$ids[setdiff(j, 0L)]))
    told <- list(neighbours = setNames(neighbours, map$ids))
    weights <- map$weights[[graph]]
    if (!is.null(weights)) told$weights <- setNames(lapply(weights, function(w) I(as.numeric(w))), map$ids)
    told
  })
}

versions <- function() {
  list(R = as.character(getRversion()), spdep = as.character(packageVersion("spdep")),
    sf = as.character(packageVersion("sf")), spData = as.character(packageVersion("spData")))
}

write_truth <- function(what, file) {
  text <- toJSON(what, digits = NA, auto_unbox = TRUE, na = "null")
  # One line for each of the first two levels: small, and a difference of versions can still be read.
  writeLines(prettified(text), file)
}

prettified <- function(text) gsub("(\\},|\\],)\"", "\\1\n\"", text)
