"""Maps under fingers, on the screen of a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def test_words_stay_on_the_screen_of_a_phone(visit, plain, lattice):
    page = visit(plain.html(), **PHONE)
    box = page.locator(".gi-map").bounding_box()
    # Regions that are touched come to the front, and so change places in the document.
    places = [
        (name, page.locator(".gi-region").nth(i).bounding_box()) for i, name in enumerate(lattice["name"])
    ]
    for name, there in (places[0], places[21], places[35]):
        page.touchscreen.tap(there["x"] + there["width"] / 2, there["y"] + there["height"] / 2)
        expect(page.locator(".gi-tip-name")).to_have_text(name)
        words = page.locator(".gi-tip").bounding_box()
        assert box["x"] <= words["x"]
        assert words["x"] + words["width"] <= box["x"] + box["width"] + 1
