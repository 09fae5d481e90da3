"""The SQL is written once, for both engines, and only in readiness/storage."""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import readiness

PACKAGE = Path(readiness.__file__).parent
STORAGE = PACKAGE / "storage"
SUMS = Path(__file__).parent / "migrations.sha256"
ADAPTERS = {"sqlite.py", "postgres.py", "backup.py"}
DRIVERS = {
    "sqlite3",
    "sqlite_utils",
    "psycopg",
    "psycopg_pool",
    "psycopg2",
    "asyncpg",
    "sqlalchemy",
    "aiosqlite",
}
SQL = re.compile(
    r"\b(?:SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(?:CREATE|DROP|ALTER)\s+TABLE|ON\s+CONFLICT"
    r"|ORDER\s+BY|RETURNING|PRAGMA|BEGIN\s+IMMEDIATE|COMMIT|ROLLBACK)\b",
    re.DOTALL,
)
OTHER_PARAMETERS = re.compile(r"\?|%s|%\(|\$\d|@\w|:\d|:[a-z_]*[A-Z0-9]\w*")
ONE_ENGINE_ONLY = re.compile(
    r"\bAUTOINCREMENT\b|\b(?:BIG)?SERIAL\b|\bOR\s+(?:REPLACE|IGNORE|ABORT)\b|\bREPLACE\s+INTO\b|\bROWID\b|\bGLOB\b"
    r"|\bILIKE\b|\bJSONB?\b|\bTIMESTAMPTZ?\b|\bDATETIME\b|\bNOW\s*\(|\bSTRFTIME\b|\bGROUP_CONCAT\b|\bSTRING_AGG\b"
    r"|\bFOR\s+(?:UPDATE|SHARE|KEY)\b|\bPRAGMA\b|\bIFNULL\b|\bVACUUM\b|\bSTRICT\b|::",
    re.IGNORECASE,
)


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def texts(path: Path) -> Iterator[str]:
    """Every text in a module but the docstrings; what an f-string fills in is a space."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            spoken |= {id(part) for part in node.values}
            parts = [part.value if isinstance(part, ast.Constant) else " " for part in node.values]
            yield "".join(str(part) for part in parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


def statements(path: Path) -> list[str]:
    return [text for text in texts(path) if SQL.search(text)]


def imports(path: Path) -> set[str]:
    """Top-level names of every package a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def migrations() -> list[Path]:
    return sorted((STORAGE / "migrations").glob("*.sql"))


def bare(sql: str) -> str:
    """SQL without its comments."""
    return re.sub(r"--.*", "", sql)


def test_sql_is_written_in_the_storage_package_only() -> None:
    outside = [path for path in modules(PACKAGE) if STORAGE not in path.parents]
    assert len(outside) > 10

    offenders = {named(path): found for path in outside if (found := statements(path))}

    assert not offenders


def test_the_search_for_sql_finds_it_where_it_is_allowed() -> None:
    holding = {path.name for path in modules(STORAGE) if statements(path)}

    assert holding >= {
        "assessments.py",
        "responses.py",
        "firms.py",
        "allowances.py",
        "reports.py",
        "sqlite.py",
    }


def test_only_the_adapters_know_a_database_driver() -> None:
    offenders = {
        named(path): found
        for path in modules(PACKAGE)
        if (found := imports(path) & DRIVERS) and not (path.parent == STORAGE and path.name in ADAPTERS)
    }

    assert not offenders


def test_every_parameter_is_named_with_a_colon_and_small_letters() -> None:
    parameters = set()
    for path in modules(STORAGE):
        if path.name in ADAPTERS:
            continue
        for sql in statements(path):
            assert not OTHER_PARAMETERS.search(sql), (path.name, sql)
            parameters |= set(re.findall(r":([a-z_]+)", sql))

    assert parameters >= {"id", "at", "hash", "codes"}


@pytest.mark.parametrize("wrong", ["id = ?", "id = %s", "id = %(id)s", "id = $1", "id = @id", "id = :id2"])
def test_other_styles_of_parameters_are_recognised(wrong: str) -> None:
    assert OTHER_PARAMETERS.search(f"SELECT id FROM firms WHERE {wrong}")


def test_no_statement_uses_what_only_one_engine_understands() -> None:
    nouns = [path for path in modules(STORAGE) if path.name not in ADAPTERS]
    sources = {path.name: statements(path) for path in nouns}
    sources |= {path.name: [bare(path.read_text(encoding="utf-8"))] for path in migrations()}

    offenders = {
        name: found[0]
        for name, each in sources.items()
        for sql in each
        if (found := ONE_ENGINE_ONLY.search(sql))
    }

    assert not offenders


def test_a_migration_can_be_split_at_its_semicolons() -> None:
    for path in migrations():
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "--" not in line or line.lstrip().startswith("--"), (
                f"{path.name}: a comment needs its own line"
            )
            assert not re.search(r"'[^']*;[^']*'", line), f"{path.name}: a semicolon within quotes"
            assert not re.search(r"\b(?:TRIGGER|FUNCTION)\b", line), f"{path.name}: a body with semicolons"


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [re.fullmatch(r"(\d{4})_[a-z_]+\.sql", path.name) for path in migrations()]

    assert [number and int(number[1]) for number in numbers] == list(range(1, len(numbers) + 1))


def test_a_released_migration_never_changes_and_is_never_removed() -> None:
    released = dict(reversed(line.split()) for line in SUMS.read_text().splitlines())

    assert sorted(released) == [path.name for path in migrations()], "freeze it: see make_schema_fixture.py"
    for name, checksum in released.items():
        content = (STORAGE / "migrations" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == checksum, f"{name} was released; append another"
