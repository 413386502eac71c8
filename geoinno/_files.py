"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def written(path: Path, content: bytes) -> Path:
    """Write ``content`` to ``path`` atomically and return the path; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
