"""Aliases of array types and the levels of error and of confidence, once for the whole house."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Shapes: TypeAlias = NDArray[np.object_]  # geometries

#: A share of false findings, among all findings or among all true null hypotheses, that is let pass.
ALPHA: Final = 0.05

#: The level of every interval of confidence.
LEVEL: Final = 0.95
