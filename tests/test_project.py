"""Facts about the whole project: its documents are true, and its files keep the house rules."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.__main__ import COMMANDS
from bot.command_help import HELP
from bot.rules import parse_rule
from bot.settings import VARIABLES, Settings, settings_table

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 300
NOT_IN_USE = "Not in use yet."


def project_files():
    """Every file of the project, as git knows or would add it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    listed = done.stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def texts():
    """The project's own text files with their text; pins are checked on their own."""
    pins = {ROOT / "requirements.txt", *(ROOT / ".pins").iterdir()}
    for path in project_files():
        if path not in pins and b"\0" not in (data := path.read_bytes()):
            yield path, data.decode()


def readme_part(name):
    """What stands in README.md between the marks of a generated part."""
    readme = (ROOT / "README.md").read_text()
    return readme.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0].strip()


def commands_table():
    """The table of commands for the README."""
    rows = ["| Type | What it does |", "| --- | --- |"]
    for line in HELP:
        usage = line.usage.replace("|", "\\|")
        rows.append(f"| `/labels {usage}` | {line.meaning} For example `/labels {line.example}`. |")
    return "\n".join(rows)


def test_settings_table_is_current():
    """README.md explains the settings with the very words of the code."""
    assert readme_part("settings") == settings_table()


def test_commands_table_is_current():
    """README.md explains the commands with the very words of the code."""
    assert readme_part("commands") == commands_table()


def watches_in_readme():
    """What README.md says that a watch can be, as Slack sends it: options have a label before."""
    readme = (ROOT / "README.md").read_text()
    section = readme.split("### What a watch can say")[1].split("\n### ")[0]
    options = section.index("| Option |")
    for row in re.finditer(r"^\| (`.*?) \|", section, re.MULTILINE):
        for form in re.findall("`([^`]+)`", row[1]):
            typed = form if row.start() < options else f"dog {form}"
            typed = re.sub(r"#(\w+)", r"<#C1|\1>", typed.replace("...", "our-cameras"))
            yield re.sub(r"@(\w+)", r"<@U1|\1>", typed)


@pytest.mark.parametrize("text", list(watches_in_readme()))
def test_watches_can_be_typed(text):
    """Everything that README.md says a watch can say is read as a rule."""
    assert parse_rule(text)


def test_named_commands_exist():
    """Every `make ...` and `python -m bot ...` that a document names can be typed."""
    documents = (ROOT / name for name in ("README.md", "CHANGELOG.md", ".env.example", "Procfile"))
    text = "\n".join(document.read_text() for document in documents)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"(?:`|\$ )make ([a-z]+)", text)) <= targets
    assert set(re.findall(r"-m bot ([a-z]+)", text)) <= set(COMMANDS)


def test_links_lead_somewhere():
    """Every picture and file that README.md points to is there."""
    links = re.findall(r"\]\(([^):]+)\)", (ROOT / "README.md").read_text())

    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_every_make_target_is_explained():
    """README.md names every target of the Makefile, and none of them needs reading the Makefile."""
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()

    assert [name for name in targets if f"make {name}" not in readme and name != "help"] == []


def test_env_example_has_every_setting():
    """.env.example lists each setting once with its default, and AWS's own variables."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = dict(re.findall(r"^(?:# )?([A-Z0-9_]+)=(.*)$", "\n".join(lines), re.MULTILINE))
    ours = {name: value for name, value in listed.items() if not name.startswith("AWS_")}
    fields = {name: Settings.model_fields[name.lower()] for name in VARIABLES}
    defaults = {
        name: "" if field.is_required() or field.default in {None, ()} else str(field.default)
        for name, field in fields.items()
    }

    assert ours == {**defaults, "DATABASE_URL": ""}


@pytest.mark.parametrize("name", [name.lower() for name in VARIABLES])
def test_unused_settings_say_so(name):
    """A setting that nothing reads yet says so, and one that is read does not."""
    readers = [path for path in (ROOT / "bot").rglob("*.py") if path.name != "settings.py"]
    read = any(re.search(rf"settings\.{name}\b", path.read_text()) for path in readers)
    says_unused = NOT_IN_USE in Settings.model_fields[name].description

    assert says_unused is not read


def test_modules_have_their_place():
    """Every module of the bot stands in the contract that says which way imports point."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    placed = set(re.findall(r"[a-z_.]+", " ".join(contracts["contracts"][0]["layers"])))
    modules = {f"bot.{path.stem}" for path in (ROOT / "bot").glob("*.py")} - {"bot.__init__"}

    assert modules <= placed


def test_long_files_say_why():
    """A file of more than 300 lines has a docstring that says why it is that long."""
    long = [
        path
        for path, text in texts()
        if path.suffix == ".py" and text.count("\n") > LONGEST_FILE
        if not re.search(r"\blong\b|\bone file\b", ast.get_docstring(ast.parse(text)) or "")
    ]

    assert long == []


def test_no_package_hides_another():
    """No __init__.py stands under tests/: with one, tests/bot would hide bot."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_machine_is_named():
    """No file names a folder of somebody's machine or the address of a package registry."""
    registry = "|".join(("py" + "pi", "pythonhosted", "npm" + "js", "proxy.golang"))
    private = re.compile(rf"(?<![\w.])/(home|Users|work|root|opt)/\w|https?://[^\s)]*({registry})")

    assert [str(path) for path, text in texts() if private.search(text)] == []


def test_pins_are_hashes_alone():
    """Pinned files hold names, versions and hashes: no address, no local path, no other index."""
    allowed = re.compile(
        r"#.*|[a-z0-9._-]+(\[[a-z,]+\])?==\S+( ; [^\\]+)? \\|    --hash=sha256:\S+( \\)?"
    )
    pins = [ROOT / "requirements.txt", *(ROOT / ".pins").iterdir()]

    for pin in pins:
        assert [line for line in pin.read_text().splitlines() if not allowed.fullmatch(line)] == []


def test_pins_agree():
    """What is deployed is what was tested: the same versions, and the same hashes."""
    parts = [
        set((ROOT / name).read_text().replace("\\\n", "").splitlines())
        for name in ("requirements.txt", ".pins/demo.txt", ".pins/dev.txt", ".pins/bench.txt")
    ]

    assert parts[0] < parts[1] < parts[2] < parts[3]


def test_pins_cover_requirements():
    """Every library that pyproject.toml asks for is pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = {
        "requirements.txt": project["dependencies"],
        ".pins/demo.txt": extras["demo"],
        ".pins/dev.txt": extras["dev"],
        ".pins/bench.txt": extras["bench"],
    }

    for pin, requirements in asked.items():
        pinned = set(re.findall(r"^([a-z0-9.-]+)(?:\[|==)", (ROOT / pin).read_text(), re.MULTILINE))
        assert {re.split(r"[\[><=]", line)[0].lower() for line in requirements} <= pinned


def test_top_level_stays_short():
    """At the top one sees the program, its tests and its documents; the rest is out of sight."""
    top = {path.relative_to(ROOT).parts[0] for path in project_files()}

    assert {name for name in top if not name.startswith(".")} == {
        *("bot", "handlers", "tests"),
        *("Procfile", "pyproject.toml", "README.md"),
        *("Makefile", "CHANGELOG.md", "LICENSE", "requirements.txt"),
    }
