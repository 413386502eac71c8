# Write two-sided p-values of permutations: Rscript permutation.R (some minutes)
#
# Whole-map statistics are permuted by spdep. Its localmoran_perm, localG_perm and localC_perm draw
# neighbours with replacement (version 1.2-7), which widens the null; a conditional permutation holds
# each other value once (Anselin 1995), so here the draws are made without.

source("maps.R")

NSIM <- 49999
SAME <- 1e-9 # relative: sums of the same values in another order

two_sided <- function(drawn, observed) {
  near <- SAME * abs(observed)
  tail <- min(sum(drawn >= observed - near), sum(drawn <= observed + near))
  min(1, 2 * (tail + 1) / (length(drawn) + 1))
}

of_mc <- function(test) {
  n <- length(test$res)
  two_sided(test$res[-n], test$res[n])
}

whole_map <- function(x, kinds, row, binary) {
  joins <- joincount.mc(as_kinds(kinds), binary, nsim = NSIM)
  list(
    moran = of_mc(moran.mc(x, row, nsim = NSIM)),
    geary = of_mc(geary.mc(x, row, nsim = NSIM)),
    joins = list(BB = of_mc(joins[[1]]), WW = of_mc(joins[[2]]))
  )
}

conditional <- function(x, row) {
  z <- as.numeric(scale(x))
  found <- list(moran = numeric(), getis_ord = numeric(), geary = numeric())
  for (i in seq_along(z)) {
    others <- z[-i]
    k <- length(row$neighbours[[i]])
    drawn <- matrix(others[replicate(NSIM, sample.int(length(others), k))], nrow = k)
    around <- z[row$neighbours[[i]]]
    w <- row$weights[[i]]
    lags <- colSums(w * drawn)
    lag <- sum(w * around)
    # Local Moran and local G rise or fall with the sum of the neighbours' values alone.
    found$moran <- c(found$moran, two_sided(z[i] * lags, z[i] * lag))
    found$getis_ord <- c(found$getis_ord, two_sided(lags, lag))
    found$geary <- c(found$geary, two_sided(colSums(w * (z[i] - drawn)^2), sum(w * (z[i] - around)^2)))
  }
  found
}

chosen <- list(columbus = "queen", nc = "cut", central_asia = "queen")
all_maps <- maps()
truth <- list(versions = versions(), nsim = NSIM, maps = list())
for (name in names(chosen)) {
  set.seed(20261124)
  map <- all_maps[[name]]
  row <- as_weights(map, chosen[[name]], "W")
  binary <- as_weights(map, chosen[[name]], "B")
  left <- linked(map, chosen[[name]])
  x <- map$values[[1]][left]
  truth$maps[[name]] <- list(graph = chosen[[name]], variable = names(map$values)[1],
    whole_map = whole_map(x, map$kinds[left], row, binary), local = conditional(x, row))
}
write_truth(truth, "permutation.json")
