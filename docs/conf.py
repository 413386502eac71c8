"""How Sphinx builds the documentation: pages are generated from the code and the scripts, offline."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import pages

import geoinno

project = "geoinno"
author = "The geoinno developers"
copyright = "The geoinno developers, BSD 3-Clause"  # noqa: A001 - Sphinx's word
version = release = geoinno.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "**/build", "generated/extra"]
# Live maps, and what assistants read, are copied as they are.
html_extra_path = ["../maps", "generated/extra"]
html_static_path = ["_static"]
html_css_files = ["gallery.css"]
# Every page of code is run afresh, and a page that fails fails the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_show_tb = True
myst_heading_anchors = 3
html_theme = "pydata_sphinx_theme"
html_title = "geoinno"
# Pages of their own have no siblings to list beside them; the stories of the gallery have.
_ALONE = ("index", "questions/*", "tutorial", "eurostat", "scale", "coming_from", "house")
html_sidebars = {page: [] for page in (*_ALONE, "generated/measures")}
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": False, "header_links_before_dropdown": 3}
html_show_sourcelink = False
# numpydoc sections by napoleon, which comes with Sphinx; types live in the signatures alone.
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
suppress_warnings = ["myst.header"]


def _plain(app, what, name, obj, options, lines) -> None:  # noqa: ANN001, PLR0917 - Sphinx calls it so
    """Write formulas of docstrings so that reStructuredText reads no markup into them."""
    del app, what, name, obj, options
    for i, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "..")):
            parts = line.split("``")
            parts[::2] = [part.replace("|", r"\|").replace("_(", r"\_(") for part in parts[::2]]
            lines[i] = "``".join(parts)


def setup(app) -> None:  # noqa: ANN001 - Sphinx is not typed here
    """Generate pages before reading, and mend docstrings while reading."""
    pages.write(HERE)
    app.connect("autodoc-process-docstring", _plain, priority=900)
