# Write what spdep says of likeness between neighbours: Rscript autocorrelation.R

source("maps.R")

tested <- function(test) {
  list(statistic = test$estimate[[1]], expected = test$estimate[[2]], variance = test$estimate[[3]],
    z = test$statistic[[1]], p = test$p.value)
}

# spdep's variance of Geary's C counts isolates in some places and not in others; this is Cliff and
# Ord's with n the regions that have neighbours throughout, and the kurtosis that moran.test uses.
geary_consistent <- function(x, listw) {
  w <- spweights.constants(listw, zero.policy = TRUE, adjust.n = TRUE)
  n <- w$n
  b2 <- moran(x, listw, w$n, w$S0, zero.policy = TRUE)$K
  ((n - 1) * w$S1 * (n^2 - 3 * n + 3 - (n - 1) * b2) -
    (n - 1) * w$S2 * (n^2 + 3 * n - 6 - (n^2 - n + 2) * b2) / 4 +
    w$S0^2 * (n^2 - 3 - (n - 1)^2 * b2)) / (n * (n - 2) * (n - 3) * w$S0^2)
}

whole_map <- function(x, listw) {
  both <- "two.sided"
  geary <- tested(geary.test(x, listw, zero.policy = TRUE, alternative = both))
  geary$variance_consistent <- geary_consistent(x, listw)
  list(
    moran = tested(moran.test(x, listw, zero.policy = TRUE, alternative = both)),
    geary = geary,
    getis_ord = suppressWarnings(tested(globalG.test(x, listw, zero.policy = TRUE, alternative = both)))
  )
}

local <- function(x, listw) {
  linked <- card(listw$neighbours) > 0
  only <- function(v) as.numeric(v)[linked]
  star <- nb2listw(include.self(listw$neighbours), style = "B", zero.policy = TRUE)
  equal <- all(vapply(listw$weights[linked], function(w) max(w) - min(w) < 1e-12, TRUE))
  moran <- localmoran(x, listw, conditional = TRUE, zero.policy = TRUE)
  quadrant <- attr(moran, "quadr")$pysal
  told <- list(
    moran = only(moran[, "Ii"]),
    quadrant = gsub("-", "", gsub("Low", "L", gsub("High", "H", as.character(quadrant[linked])))),
    getis_ord = only(localG(x, listw, zero.policy = TRUE)),
    geary = only(localC(x, listw, zero.policy = TRUE))
  )
  # include.self gives weights of one, so that only equal weights can be compared.
  if (equal) told$getis_ord_star <- only(localG(x, star, zero.policy = TRUE))
  told
}

joins <- function(kinds, listw) {
  left <- without_isolates(kinds, listw)
  table <- joincount.multi(left$kinds, left$listw)
  rows <- c(BB = "B:B", BW = "W:B", WW = "W:W")
  lapply(rows, function(row) {
    list(count = table[row, "Joincount"], expected = table[row, "Expected"],
      variance = table[row, "Variance"], z = table[row, "z-value"])
  })
}

cases <- function(map) {
  found <- list()
  for (graph in names(map$graphs)) {
    for (style in c("W", "B")) {
      listw <- as_weights(map, graph, style)
      joined <- joins(map$kinds, listw)
      for (variable in names(map$values)) {
        x <- map$values[[variable]]
        case <- c(list(graph = graph, style = style, variable = variable), whole_map(x, listw))
        if (variable == names(map$values)[1]) {
          case$joins <- joined
          if (graph != "rook") case$local <- local(x, listw)
        }
        found[[length(found) + 1]] <- case
      }
    }
  }
  found
}

for (name in names(maps <- maps())) {
  map <- maps[[name]]
  write_truth(list(versions = versions(), ids = map$ids, values = map$values, kinds = map$kinds,
    graphs = written_graphs(map), cases = cases(map)), paste0(name, ".json"))
}
