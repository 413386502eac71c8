"""One sheet worked out once: projection, flows, borders and labels, for either renderer."""

from __future__ import annotations
