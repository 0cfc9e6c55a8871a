"""Every value has a range, and every file that people edit ends in file, line and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, strategies as st

from crawler.config import load_settings
from crawler.errors import ConfigError
from monitor.cli import cli

SOURCE = '[[source]]\nid = "k"\noutlet = "K"\nkind = "feed"\nurl = "https://k.example/"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name, text in (
        ("rules.toml", ""),
        ("sources.toml", SOURCE),
        ("channels.toml", '[[channel]]\nid = "scherm"\nkind = "console"\n'),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def checked(config: Path) -> Result:
    result = CliRunner().invoke(cli, ["--config", str(config), "check"])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize(
    ("table", "line", "fault"),
    [
        ("schedule", 'timezone = "Europe"', "'Europe' is not a time zone: write for example"),
        ("schedule", 'timezone = "../../etc/passwd"', "is not a time zone"),
        ("crawl", 'timeout = "0s"', 'timeout: that is too short: write at least "1s"'),
        ("crawl", 'timeout = "3d"', 'timeout: that is too long: write at most "10m"'),
        ("crawl", 'delay = "2h"', 'delay: that is too long: write at most "10m"'),
        ("crawl", "max_page_bytes = 3", "max_page_bytes: Input should be greater than or equal to"),
        ("crawl", f"workers = {'9' * 4_000}", "workers: "),
        ("crawl", f"workers = {'9' * 5_000}", "a number has thousands of digits: correct"),
        ("crawl", f'user_agent = "{"a" * 5_000}"', "this cannot stand in a request"),
        ("crawl", f'delay = "{"a" * 5_000}"', "aaa… is not a duration: write for example"),
        ("store", 'path = "/etc"', "is a folder: name a file in it"),
        ("store", 'path = "/dev/null"', "is no ordinary file"),
        ("store", 'path = "a\\u0000b"', "is no name of a file"),
        ("log", 'file = "/etc"', "is a folder: name a file in it"),
        ("log", 'file = ""', "is a folder: name a file in it"),
        ("log", 'file = "/dev/zero"', "is no ordinary file"),
        ("log", f"max_bytes = 1{'0' * 30}", "max_bytes: Input should be less than or equal to"),
        ("health", f"min_free_bytes = 1{'0' * 30}", "min_free_bytes: Input should be less than"),
        ("web", 'listen = "127.0.0.1:99999"', "'127.0.0.1:99999' is no host and port: write"),
        ("network", 'allow = ["0.0.0.0/0"]', "opens nearly every address: name the network"),
        ("network", 'allow = ["::/0"]', "opens nearly every address: name the network"),
        ("network", 'proxy = "socks5://p.example:1080"', "this is no address of a proxy: write"),
        ("network", 'proxy = "direct"', "this is no address of a proxy: write for example"),
    ],
)
def test_a_value_outside_of_its_range_is_named_with_line_and_remedy(
    config: Path, table: str, line: str, fault: str
) -> None:
    (config / "nieuwswacht.toml").write_text(f"[{table}]\n{line}\n", "utf-8")

    result = checked(config)

    assert result.exit_code == 2
    assert f"{config}/nieuwswacht.toml:2: " in result.stderr
    assert fault in result.stderr
    assert len(result.stderr) < 1_000


def test_a_catalogue_without_a_source_is_not_all_well(config: Path) -> None:
    (config / "sources.toml").write_text(SOURCE + "enabled = false\n", "utf-8")

    result = checked(config)

    assert result.exit_code == 2
    assert "sources.toml: no source in it is enabled: add one with" in result.stderr


NAMES = ["nieuwswacht.toml", "sources.toml", "rules.toml", "channels.toml"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "large"])
def test_what_is_no_ordinary_file_is_refused_and_not_waited_for(
    config: Path, name: str, kind: str
) -> None:
    path = config / name
    path.unlink(missing_ok=True)
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case _:
            with path.open("wb") as file:
                file.truncate(10**9)

    result = checked(config)

    assert result.exit_code == 2
    assert name in result.stderr
    assert "into an ordinary file" in result.stderr


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("held", "line"),
    [
        (bytes(range(256)), "2"),
        ("# é\n".encode("utf-16"), "1"),
        ("# é\n".encode("latin-1"), "1"),
        (b"# a\n\0", "2"),
        (b'{"a": 1}', "1"),
    ],
)
def test_what_is_no_text_or_no_toml_is_named_with_its_line(
    config: Path, name: str, held: bytes, line: str
) -> None:
    (config / name).write_bytes(held)

    result = checked(config)

    assert result.exit_code == 2
    assert f"{config}/{name}:{line}: " in result.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_leads_nowhere_is_no_file_that_was_left_out(config: Path, name: str) -> None:
    (config / name).unlink(missing_ok=True)
    (config / name).symlink_to(config / "verhuisd.toml")

    result = checked(config)

    assert result.exit_code == 2
    assert f"{config}/{name}: No such file or directory: run `nieuwswacht init " in result.stderr


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
@pytest.mark.parametrize(
    "words", [["status"], ["search", "wolf"], ["check", "--db"], ["backup", "b.db"]]
)
def test_a_database_that_is_no_ordinary_file_is_refused_and_not_waited_for(
    config: Path, kind: str, words: list[str]
) -> None:
    path = config / "nieuws.db"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to("/dev/zero")

    result = CliRunner().invoke(cli, ["--config", str(config), "--db", str(path), *words])

    said = "is a directory" if kind == "folder" else "is no ordinary file: name another"
    assert result.exit_code
    assert f"{path}" in (shown := f"{result.exception} {result.stderr}")
    assert said in shown


def test_a_secret_in_a_pipe_is_not_waited_for(config: Path) -> None:
    os.mkfifo(config / "geheim")
    (config / "channels.toml").write_text(
        '[[channel]]\nid = "soc"\nkind = "webhook"\nurl = "${file:geheim}"\nsecret = ["a"]\n'
    )

    result = checked(config)

    assert result.exit_code == 2
    assert "cannot be read: this is no ordinary file" in result.stderr


KEYS = ["timeout", "delay", "per_host", "concurrency", "workers", "max_page_bytes", "user_agent"]
VALUES = st.one_of(
    st.integers(-(10**30), 10**30).map(str),
    st.floats().map(repr),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(
        lambda text: "'" + text.replace("'", "") + "'"
    ),
)


@given(st.sampled_from(KEYS), VALUES)
def test_no_value_ends_in_anything_but_settings_or_a_fault_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "nieuwswacht.toml"
    path.write_text(f"[crawl]\n{key} = {value}\n", "utf-8")

    fault = ""
    try:
        load_settings(path)
    except ConfigError as error:
        fault = str(error)
    assert not fault or f"{path}:2: " in fault
