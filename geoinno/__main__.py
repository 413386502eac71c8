"""The command line: ``python -m geoinno``."""

from __future__ import annotations

import sys

from geoinno.cli import main

if __name__ == "__main__":
    sys.exit(main())
