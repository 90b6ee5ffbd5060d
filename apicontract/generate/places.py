"""Where the templates lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path


def templates_folder() -> Path:
    """The folder with all templates."""
    package = Path(__file__).parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
