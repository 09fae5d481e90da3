import importlib.util
import shutil
from pathlib import Path

from readiness import paths

CHECKOUT = Path(__file__).resolve().parents[1]


def test_a_checkout_keeps_templates_and_static_beside_the_package() -> None:
    assert paths.templates() == CHECKOUT / "templates"
    assert paths.static() == CHECKOUT / "static"
    assert paths.templates().is_dir() and paths.static().is_dir()


def test_an_installed_package_holds_its_own_templates_and_static(tmp_path: Path) -> None:
    for name in ("templates", "static"):
        (tmp_path / name).mkdir()
    spec = importlib.util.spec_from_file_location("installed_paths", shutil.copy(paths.__file__, tmp_path))
    assert spec and spec.loader
    installed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(installed)

    assert installed.templates() == tmp_path / "templates"
    assert installed.static() == tmp_path / "static"
