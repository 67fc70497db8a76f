"""Dockerfiles as far as they can be honoured, each with what is said of the rest."""

from pathlib import Path
from typing import Any

import pytest

from apps.platform.engine import definition, docker_run, dockerfile
from tests.platform.engine.conftest import Machine

TYPESCRIPT = """
# syntax=docker/dockerfile:1
FROM apify/actor-node:20 AS builder
RUN npm ls crawlee apify || true
COPY --chown=myuser package*.json ./
RUN npm install --include=dev --audit=false
COPY --chown=myuser . ./
RUN npm run build

FROM apify/actor-node:20
COPY --chown=myuser package*.json ./
RUN npm --quiet set progress=false \\
    # a comment in between
    && npm install --omit=dev --omit=optional \\
    && (npm list --omit=dev --all || true) \\
    && rm -r ~/.npm
COPY --from=builder --chown=myuser /usr/src/app/dist ./dist
COPY --chown=myuser . ./
CMD npm run start:prod --silent
"""
PYTHON = """
FROM apify/actor-python:3.12
USER myuser
COPY --chown=myuser:myuser requirements.txt ./
RUN echo "Python version:" && python --version && pip install -r requirements.txt && pip freeze
COPY --chown=myuser:myuser . ./
RUN python3 -m compileall -q src/
CMD ["python3", "-m", "src"]
"""


def test_the_templates_of_the_command_line_leave_nothing_to_say() -> None:
    for text, runtime, version in ((TYPESCRIPT, "node", "20"), (PYTHON, "python", "3.12")):
        recipe = dockerfile.read(text)
        assert (recipe.runtime, recipe.version) == (runtime, version)
        assert (recipe.notes, recipe.folder) == ([], ".")
        assert (recipe.packages, recipe.copies) == ([], [])
    assert dockerfile.read(TYPESCRIPT).compiles
    assert dockerfile.read(TYPESCRIPT).command == ["sh", "-c", "npm run start:prod --silent"]
    assert dockerfile.read(PYTHON).command == ["python3", "-m", "src"]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("FROM node:18-alpine", "version", "18"),
        ("FROM mcr.microsoft.com/playwright/python:v1.49.0", "version", ""),
        ("ARG V=3.12\nFROM python:${V}-slim", "version", "3.12"),
        ("FROM --platform=linux/amd64 python:3.11.4 AS x", "version", "3.11"),
        ("FROM python\nENV A=1 B='two words'", "variables", {"A": "1", "B": "two words"}),
        ("ENV A one two\nENV B=$A-${C:-d}", "variables", {"A": "one two", "B": "one two-d"}),
        ("ENV A=1 \\\n  B=2", "variables", {"A": "1", "B": "2"}),
        ("CMD a b", "command", ["sh", "-c", "a b"]),
        ('CMD ["a", "b c"]\nCMD ["d"]', "command", ["d"]),
        ('ENTRYPOINT ["python"]\nCMD ["x.py"]', "command", ["python", "x.py"]),
        ("FROM a\nCMD x\nFROM b\n", "command", []),
        ("FROM python AS one\nCMD x\nFROM one", "command", ["sh", "-c", "x"]),
        ("FROM python\nCOPY . .\nWORKDIR sub/deep", "folder", "sub/deep"),
        ("FROM python\nWORKDIR /app\nCOPY . /app\nWORKDIR /app/sub", "folder", "sub"),
        ("FROM python\nWORKDIR /app\nCOPY . .", "folder", "."),
        ("COPY . ./\nCOPY conf/a.json ./a.json", "copies", [("conf/a.json", "a.json")]),
        ("COPY . ./\nCOPY conf/a.json b/", "copies", [("conf/a.json", "b/")]),
        ('COPY . ./\nCOPY ["a", "b"]', "copies", [("a", "b")]),
        ("RUN pip install -U pip httpx 'lxml[html]>=5' -r more.txt", "files", ["more.txt"]),
        ("RUN pip3 install --no-cache-dir -i https://x/ httpx", "packages", ["httpx"]),
        ("RUN python -m pip install a==1 && uv pip install b", "packages", ["a==1", "b"]),
        ("RUN npm install --save left-pad@1.3.0 && npm ci", "modules", ["left-pad@1.3.0"]),
        ("RUN npm i @scope/a@^1 'b'", "modules", ["@scope/a@^1", "b"]),
        ("RUN yarn add c && pnpm add -D d", "modules", ["c", "d"]),
        ("RUN --mount=type=cache,target=/x pip install a", "packages", ["a"]),
    ],
)
def test_what_is_honoured(text: str, field: str, value: Any) -> None:
    recipe = dockerfile.read(text)
    assert getattr(recipe, field) == value
    assert [note for note in recipe.notes if "no image of" not in note] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("FROM golang:1.22", "FROM golang:1.22 is no image of Python or Node"),
        ("HEALTHCHECK CMD x", "not honoured: HEALTHCHECK CMD x"),
        ("VOLUME /data", "not honoured: VOLUME /data"),
        ("ADD https://example.com/x /x", "not honoured: COPY https://example.com/x"),
        ("COPY --from=nginx /a /b", "there is no such stage"),
        ("FROM python\nCOPY . .\nCOPY a /etc/a", "it leads outside the source"),
        ("COPY ../a b", "it leads outside the source"),
        ("ENV PATH=/x", "not honoured: ENV PATH"),
        ("FROM python\nCOPY . .\nWORKDIR /elsewhere", "not honoured: WORKDIR /elsewhere"),
        ("RUN apt-get update && apt-get install -y x", "not run here: RUN apt-get update"),
        ("RUN npm install ./left-pad", "not run here: RUN npm install ./left-pad"),
        ("RUN npm install git+https://x/y", "not run here: RUN npm install git+https://x/y"),
        ("RUN npm install -g typescript", "not run here: RUN npm install -g typescript"),
        ("RUN pip install git+https://x/y", "not run here: RUN pip install git+https://x/y"),
        ("RUN pip install ./a.whl --index-url=x", "not run here: RUN pip install ./a.whl"),
        ("RUN <<EOF\nrm -rf /\nEOF", "text that follows it"),
        ("NONSENSE here", "not honoured: NONSENSE here"),
    ],
)
def test_what_cannot_be_honoured_is_a_sentence(text: str, sentence: str) -> None:
    notes = dockerfile.read(text).notes
    assert len(notes) >= 1
    assert sentence in notes[0]


@pytest.mark.parametrize("word", ["pip install --target=/x a", "pip install -e ."])
def test_options_never_reach_the_installer(word: str) -> None:
    assert all(not each.startswith("-") for each in docker_run.read(word).packages)


def test_a_folder_is_laid_over_what_is_there(tmp_path: Path) -> None:
    for name, text in {"a/main.py": "inner", "a/b/c.txt": "c", "main.py": "outer"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "Dockerfile").write_text("FROM python\nCOPY . ./\nCOPY a ./\nCMD python main.py")
    assert definition.read(tmp_path).notes == []
    assert (tmp_path / "main.py").read_text() == "inner"
    assert (tmp_path / "b" / "c.txt").is_file()


def test_copies_are_laid_out(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.json").write_text("{}")
    (tmp_path / "main.py").write_text("")
    text = "COPY . .\nCOPY conf/a.json here/\nCOPY conf other\nCOPY none x\nCMD python main.py"
    (tmp_path / "Dockerfile").write_text(text)
    found = definition.read(tmp_path)
    assert (tmp_path / "here" / "a.json").is_file()
    assert (tmp_path / "other" / "a.json").is_file()
    assert found.notes == ["Dockerfile: not honoured: COPY none, it is not in the source"]


def test_env_workdir_and_copy_reach_the_run(machine: Machine) -> None:
    docker = (
        "FROM apify/actor-python:3.11\nENV GREETING='hello there' SHARED=image\nCOPY . ./\n"
        "COPY conf/a.txt ./app/\nWORKDIR ./app\nRUN apt-get install x\n"
        'CMD ["python", "start.py"]\n'
    )
    files = {
        "Dockerfile": docker,
        "conf/a.txt": "copied",
        "app/start.py": "import os; print(os.environ['GREETING'], open('a.txt').read(),"
        " os.environ['SHARED'])",
    }
    listed = [{"name": name, "format": "TEXT", "content": files[name]} for name in files]
    variables = [{"name": "SHARED", "value": "version"}]
    run = machine.run(machine.actor_of("by-dockerfile", listed, envVars=variables))
    assert "hello there copied version" in machine.log(run["id"])
    assert "Dockerfile: not run here: RUN apt-get install x" in machine.log(run["buildId"])


@pytest.mark.node
@pytest.mark.parametrize("applied", [True, False])
def test_rule_71_variables_at_the_build(machine: Machine, applied: bool) -> None:
    script = "node -e \"console.log('BUILT WITH', process.env.OPEN, process.env.SEALED)\""
    files = {
        "package.json": f'{{"scripts": {{"build": {quoted(script)}}}, "main": "main.js"}}',
        "main.js": "console.log('ran')",
        "Dockerfile": "FROM apify/actor-node:20\nCOPY . ./\nRUN npm run build\n",
    }
    listed = [{"name": name, "format": "TEXT", "content": files[name]} for name in files]
    variables = [
        {"name": "OPEN", "value": "one"},
        {"name": "SEALED", "value": "two", "isSecret": True},
    ]
    fields = {"envVars": variables, "applyEnvVarsToBuild": applied}
    actor = machine.actor_of(f"built-with-{applied}".lower(), listed, **fields)
    build = machine.ada.data("GET", f"acts/{actor}/builds")["items"][0]
    wanted = "BUILT WITH one two" if applied else "BUILT WITH undefined undefined"
    assert wanted in machine.log(build["id"])


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
