"""A folium map that draws a sheet: Leaflet inlined, projected, with its words and legend around it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element

from geoinno.draw._web import leaflet_page
from geoinno.draw._web.resources import dollar, head

if TYPE_CHECKING:
    from geoinno.draw._scene.composition import Composition


class Verbatim(Element):
    """Text that is written as it is; branca would read it as a template, and so run what users type."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


class SheetMap(folium.Map):
    """A `folium.Map` in the sheet's projection; stock elements in degrees may be added to it.

    Nothing closes it to the network, as a document is closed: elements that are added may ask for something.
    """

    def __init__(self, sheet: Composition, *, twin: str = "") -> None:
        super().__init__(tiles=None)
        self.default_js, self.default_css = [], []
        self._id = leaflet_page.KEY
        self._script = leaflet_page.script(sheet)
        self._surroundings = leaflet_page.body(sheet, twin=twin, fill=True)
        root: Any = self.get_root()
        root._id = f"figure_{leaflet_page.KEY}"  # noqa: SLF001 - branca's own ids are random
        root.title = escape(sheet.title)
        for name, text in (("meta", leaflet_page.META), ("assets", head()), ("dollar", dollar())):
            root.header.add_child(Verbatim(text), name=f"geoinno_{name}")

    def render(self, **kwargs: object) -> str:
        """Write the map into its figure, then whatever was added to it."""
        name = self.get_name()
        root: Any = self.get_root()
        root.html.add_child(Verbatim(self._surroundings), name=name)
        root.script.add_child(Verbatim(self._script), name=name)
        for child in self._children.values():
            child.render(**kwargs)
        return ""
