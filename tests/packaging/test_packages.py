"""The list of packages in setup.cfg names every folder with code: nothing else puts it into the wheel."""

import configparser
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _listed() -> set[str]:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    return set(settings["options"]["packages"].split())


def test_every_folder_with_code_is_a_listed_package() -> None:
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "annotator").rglob("*.py")}
    named = {".".join(folder.parts) for folder in folders}
    assert named == _listed() - {"annotator.static", "annotator.templates"}


def test_every_listed_package_says_what_it_is() -> None:
    inits = [ROOT.joinpath(*name.split("."), "__init__.py") for name in _listed() if "migrations" not in name]
    present = [path for path in inits if path.exists()]
    assert [path for path in present if not path.read_text().startswith('"""')] == []
