"""The print renderer: a sheet in matplotlib."""

from __future__ import annotations

from geoinno._files import needed

needed("matplotlib", extra="print", what="A picture (.png, .svg, .pdf) or a figure")
