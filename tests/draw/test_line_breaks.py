"""Lines of text in print: they fit, as another library measures them, and break where readers would."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import ImageFont

import geoinno as gi
from geoinno.draw._print.line_breaks import balanced, broken, by_clause
from geoinno.draw._print.line_breaks import room as room_of

FONTS = {
    bold: ImageFont.truetype(f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf", 1000)
    for bold in (False, True)
}
WORDS = st.text(st.sampled_from("abcmwAMW.,-(é "), max_size=120)


def wide(line, *, bold):
    """How wide Pillow makes a line, in sizes of the font, without kerning."""
    return sum(FONTS[bold].getlength(letter) for letter in line) / 1000


@given(text=WORDS, room=st.floats(5, 40), bold=st.booleans())
@example(text="Quality-adjusted life years per head", room=9.0, bold=False)
def test_lines_fit_their_room_and_keep_every_letter(text, room, bold):
    for cut in (broken, balanced, by_clause):
        lines = cut(text, room, bold=bold)
        assert all(wide(line, bold=bold) <= room + 1e-3 for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())


@given(text=WORDS, room=st.floats(5, 40))
def test_lines_are_as_few_as_they_can_be_and_even_ones_are_no_more(text, room):
    lines = broken(text, room)
    assert len(balanced(text, room)) == len(lines)
    for line, after in pairwise(lines):
        first = after.split(" ")[0]
        assert wide(f"{line} {first}", bold=False) > room or "-" in first or len(first) > 3


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Income, mean of states = 1", ["Income,", "mean of states = 1"]),
        ("Difference from the median, %", ["Difference from", "the median, %"]),
        ("Places (area = inflow + outflow)", ["Places", "(area = inflow + outflow)"]),
        ("Difference between neighbours", ["Difference between", "neighbours"]),
        ("Convergence clubs, 1990 to 2019", ["Convergence clubs,", "1990 to 2019"]),
        ("Rate, 2016", ["Rate, 2016"]),
        ("Income per head and area (km\u00b2)", ["Income per head", "and area (km\u00b2)"]),
        ("", []),
    ],
)
def test_headings_break_between_their_clauses_or_in_even_lines(words, lines):
    assert by_clause(words, 15.0, bold=True) == lines


def test_no_line_of_a_printed_map_leaves_the_page(lattice):
    """Bold letters are wider: a title of as many of them as of others ran off the page."""
    fill = gi.draw.choropleth(lattice, pd.Series(range(36), lattice.index, dtype="float64"), legend="W" * 40)
    words = "MEASURING WOMEN'S WAGES AND WEALTH AMONG MUNICIPALITIES OF THE WHOLE COMMONWEALTH "
    sheet = gi.draw.sheet(fill, title=words * 2, subtitle=words * 3, source=words * 4)
    for dpi in (110, 150, 200):
        figure = sheet.figure()
        figure.set_dpi(dpi)
        renderer = FigureCanvasAgg(figure).get_renderer()
        texts = [*figure.texts, *figure.axes[1].texts]
        assert max(text.get_window_extent(renderer).x1 for text in texts) <= figure.bbox.x1


def test_numbers_stay_with_their_units():
    assert broken("12\u202f500 km and 3\u00a0MW", 5.0) == ["12\u202f500", "km and", "3\u00a0MW"]


def test_a_letter_that_the_font_lacks_takes_a_square():
    assert broken("서울특별시", 5.5) == ["서울특별시"]
    assert broken("서울특별시", 4.5) == ["서울특별", "시"]


def test_room_is_counted_in_sizes_of_the_font():
    assert room_of(1.0, 7.2) == pytest.approx(10, rel=0.05)
