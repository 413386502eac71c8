"""The printed page: its font and margins, and a figure with title and credits."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from geoinno.draw import palette
from geoinno.draw._print.fonts import USUAL, families, warn_of_boxes
from geoinno.draw._print.line_breaks import balanced, broken, room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from geoinno.draw._scene.composition import Composition

MM = 25.4
SIDE_IN = 1.75
EDGE_IN = 0.08
_TITLE_PT, _SUBTITLE_PT, _FOOT_PT = 11.5, 7.8, 6.2
_SCREEN_DPI = 110
# For each text, matplotlib looks for a font in every family: where there are many, longer than it draws.
USUAL_FONT: Any = {
    "font.family": [USUAL],
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "geoinno",
    "svg.fonttype": "path",
}


def font() -> Any:  # noqa: ANN401 - settings as matplotlib types them
    """Return the settings of print with the fonts of other scripts, which take long to look for."""
    return {**USUAL_FONT, "font.family": list(families())}


class Plot(Figure):
    """A figure that a notebook shows, whether or not pyplot was ever imported there."""

    def savefig(self, *given: Any, **options: Any) -> None:  # noqa: ANN401 - as in matplotlib
        """Write the figure; characters that no font has are named in a warning of ours."""
        warn_of_boxes(self)
        with unwarned():
            super().savefig(*given, **options)

    def _repr_png_(self) -> bytes:
        """Return the picture for a notebook."""
        out = io.BytesIO()
        with mpl.rc_context(font()):
            self.savefig(out, format="png", dpi=_SCREEN_DPI)
        return out.getvalue()


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep matplotlib from warning of characters that a font lacks: `warn_of_boxes` does so in words."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        yield


def plain_axes(ax: Axes, title: str, *, grid: bool = False) -> None:
    """Dress the axes of a plot: title on the left, small numbers, no spine above or on the right."""
    ax.set_title(title, loc="left", size=9, weight="bold", color=palette.TEXT)
    ax.tick_params(labelsize=7)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    if grid:
        ax.grid(visible=True, color="#e4e4e4", linewidth=0.5)
        ax.set_axisbelow(True)


def titled_figure(sheet: Composition, width: float, body: float) -> tuple[Figure, float, float]:
    """Return a figure with title and credits around a body of this height, and their own heights."""
    inside = width - 2 * EDGE_IN
    title = "\n".join(balanced(sheet.title, room(inside, _TITLE_PT), bold=True))
    subtitle = "\n".join(broken(sheet.subtitle, room(inside, _SUBTITLE_PT)))
    foot = "\n".join(broken(sheet.credits, room(inside, _FOOT_PT)))
    top = _block_height(title, _TITLE_PT) + _block_height(subtitle, _SUBTITLE_PT) + 1.5 * EDGE_IN
    bottom = _block_height(foot, _FOOT_PT) + 1.5 * EDGE_IN
    height = top + body + bottom
    figure = Plot(figsize=(width, height), facecolor="white")
    left = EDGE_IN / width
    figure.text(
        left, 1 - EDGE_IN / height, title, size=_TITLE_PT, weight="bold", va="top", color=palette.TEXT
    )
    under = 1 - (EDGE_IN + _block_height(title, _TITLE_PT)) / height
    figure.text(left, under, subtitle, size=_SUBTITLE_PT, va="top", color=palette.TEXT_SOFT)
    figure.text(left, EDGE_IN / height, foot, size=_FOOT_PT, va="bottom", color=palette.TEXT_FAINT)
    return figure, top, bottom


def _block_height(text: str, size: float) -> float:
    """Return the height of a block of text in inches."""
    return 0.0 if not text else (text.count("\n") + 1) * size * 1.32 / 72
