"""What pip would install: the lists agree with the tree, and the wheel works away from the checkout."""

import configparser
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {
    "templates": "readiness/templates",
    "static": "readiness/static",
    "readiness/core/data": "readiness/core/data",
    "readiness/translations": "readiness/translations",
    "readiness/storage/migrations": "readiness/storage/migrations",
}


def setup_cfg() -> configparser.ConfigParser:
    config = configparser.ConfigParser(delimiters=["="], interpolation=None)
    config.optionxform = str  # type: ignore[assignment, method-assign]
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def lines(value: str) -> list[str]:
    return value.strip().splitlines()


def files_under(folder: Path) -> set[str]:
    generated = {"__pycache__", ".DS_Store"}
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not generated.intersection(path.parts)
    }


# Lists


def test_the_package_list_equals_the_tree() -> None:
    options = setup_cfg()["options"]
    mapped = dict(line.split(" = ") for line in lines(options["package_dir"]))
    packages = {init.parent.relative_to(ROOT) for init in (ROOT / "readiness").rglob("__init__.py")}

    assert mapped == {"readiness.templates": "templates", "readiness.static": "static"}
    assert sorted(lines(options["packages"])) == sorted({".".join(p.parts) for p in packages} | set(mapped))


def pins(name: str) -> set[tuple[str, str]]:
    """Locked distributions with their versions, of which some have two: one for each range of Pythons."""
    return set(re.findall(r"^([a-z0-9-]+)==(\S+).* \\$", (ROOT / name).read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_requirement_has_a_hash_and_no_other_source(name: str) -> None:
    # An entry and its hashes are one logical line; what is left are comments and would-be options.
    text = re.sub(r" \\\n\s+", " ", (ROOT / name).read_text())
    entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert len(entries) == len(pins(name)) > 20
    assert all(
        re.fullmatch(r"[a-z0-9-]+==\S+( ; .+?)?( --hash=sha256:[0-9a-f]{64})+", entry) for entry in entries
    )


def test_the_development_lock_holds_the_runtime_lock_unchanged() -> None:
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_dependency_is_locked() -> None:
    config = setup_cfg()
    runtime = lines(config["options"]["install_requires"]) + lines(
        config["options.extras_require"]["postgres"]
    )
    development = runtime + lines(config["options.extras_require"]["test"])

    for lock, declared in (("requirements.txt", runtime), ("requirements-dev.txt", development)):
        locked = {name for name, _ in pins(lock)}
        assert {re.split(r"[\[<>=!~]", name)[0].lower() for name in declared} <= locked


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made as for a release, from a source archive; of a copy, since a build litters its tree."""
    folder = tmp_path_factory.mktemp("release")
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.pyc")
    for name in ("readiness", "templates", "static"):
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=skip)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", folder / "source"]
    run(build)
    (built,) = (folder / "dist").glob("*.whl")
    return built


def run(command: list[str | Path], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


@pytest.mark.slow
def test_the_wheel_ships_every_template_style_and_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())

    for folder, place in SHIPPED.items():
        expected = {f"{place}/{name}" for name in files_under(ROOT / folder)}
        assert expected, f"{folder} is empty"
        assert expected <= shipped, f"not in the wheel: {sorted(expected - shipped)}"


@pytest.mark.slow
def test_the_wheel_ships_every_module_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.endswith(".py")}

    assert shipped == {
        f"readiness/{name}" for name in files_under(ROOT / "readiness") if name.endswith(".py")
    }


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The wheel in a fresh environment that borrows this one's dependencies, but not the checkout."""
    environment = wheel.parent / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", environment])
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    run([*pip, "install", "--quiet", "--no-index", "--no-deps", wheel])
    (packages,) = environment.glob("lib/python3*/site-packages")
    # A folder named in a path file is searched, but path files inside it (the checkout's) are not followed.
    borrowed = Path(pytest.__file__).parents[1]
    (packages / "borrowed.pth").write_text(f"{borrowed}\n")
    where = run([python, "-c", "import readiness; print(readiness.__file__)"], cwd=wheel.parent)
    assert Path(where).is_relative_to(environment)
    return environment


@pytest.fixture
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """`readiness serve` of the installed wheel, started in an empty folder that is also its home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    with (
        (tmp_path / "serve.log").open("w") as log,
        subprocess.Popen(
            [installed / "bin" / "readiness", "serve", "--port", str(port)],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            wait_until_open(port, server, tmp_path / "serve.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_until_open(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, f"readiness serve ended with {server.returncode}: {log.read_text()}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"readiness serve did not open port {port} in 30 seconds: {log.read_text()}")


def fetch(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers.get_content_type(), refusal.read().decode()


@pytest.mark.slow
def test_the_installed_wheel_serves_its_front_page_and_stylesheet_from_another_folder(address: str) -> None:
    status, kind, page = fetch(f"{address}/")
    assert (status, kind) == (200, "text/html")

    stylesheets = re.findall(r'<link\b[^>]*\bhref="(/[^"]+\.css[^"]*)"', page)
    assert stylesheets
    for stylesheet in stylesheets:
        status, kind, css = fetch(f"{address}{stylesheet}")
        assert (status, kind) == (200, "text/css")
        assert "{" in css
