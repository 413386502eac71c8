# Write what spdep says of likeness between neighbours: Rscript autocorrelation.R

source("maps.R")

tested <- function(test) {
  list(statistic = test$estimate[[1]], expected = test$estimate[[2]], variance = test$estimate[[3]],
    z = test$statistic[[1]], p = test$p.value)
}

whole_map <- function(x, listw) {
  both <- "two.sided"
  list(
    moran = tested(moran.test(x, listw, alternative = both)),
    geary = tested(geary.test(x, listw, alternative = both)),
    getis_ord = suppressWarnings(tested(globalG.test(x, listw, alternative = both)))
  )
}

local <- function(x, listw) {
  star <- nb2listw(include.self(listw$neighbours), style = "B")
  equal <- all(vapply(listw$weights, function(w) max(w) - min(w) < 1e-12, TRUE))
  moran <- localmoran(x, listw, conditional = TRUE)
  quadrant <- attr(moran, "quadr")$pysal
  found <- list(
    moran = as.numeric(moran[, "Ii"]),
    quadrant = gsub("-", "", gsub("Low", "L", gsub("High", "H", as.character(quadrant)))),
    getis_ord = as.numeric(localG(x, listw)),
    geary = as.numeric(localC(x, listw))
  )
  # include.self gives weights of one, so that only equal weights can be compared.
  if (equal) found$getis_ord_star <- as.numeric(localG(x, star))
  found
}

joins <- function(kinds, listw) {
  table <- joincount.multi(as_kinds(kinds), listw)
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
      left <- linked(map, graph)
      joined <- joins(map$kinds[left], listw)
      for (variable in names(map$values)) {
        x <- map$values[[variable]][left]
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
