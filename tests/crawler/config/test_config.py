from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from alerts.channels.kinds import ChannelConfig
from alerts.rules.file import load_channels
from crawler.config.desk import load_settings
from crawler.config.files import FirstRun, load_sources
from crawler.config.toml import read_toml
from crawler.errors import ConfigError, ConfigFaults
from crawler.model import Fetch, Selectors, SourceKind

SOURCE = '[[source]]\nid = "nos"\noutlet = "NOS"\nkind = "feed"\nurl = "https://nos.example/rss"\n'


def faults_of(folder: Path, text: str, load=load_sources) -> list[str]:
    path = folder / "file.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigFaults) as raised:
        load(path)
    return str(raised.value).replace(f"{folder}/", "").splitlines()


def test_what_is_kept_is_kept_for_a_month_at_least(tmp_path: Path) -> None:
    path = tmp_path / "nieuwswacht.toml"
    path.write_text('[store]\nkeep_articles = "2y"\nkeep_entries = "forever"\n')
    store = load_settings(path).store
    assert (store.keep_articles, store.keep_entries) == (timedelta(days=732), None)

    path.write_text('[store]\nkeep_entries = "5d"\nkeep_pages = 90\n')
    with pytest.raises(ConfigFaults) as raised:
        load_settings(path)

    assert [fault.line for fault in raised.value.faults] == [2, 3]
    assert 'write "forever", "180d" or "1y"' in str(raised.value)


def test_a_source_becomes_its_core_type(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        SOURCE
        + 'every = "90s"\nfetch = "entry"\nconfidence = "A"\n'
        + '[[source]]\nid = "om"\noutlet = "OM"\nkind = "section"\nurl = "https://om.example/"\n'
        + 'selectors = { item = "li", title = "h2" }\n',
        "utf-8",
    )

    nos, om = load_sources(path)

    assert (nos.every, nos.fetch, nos.enabled) == (timedelta(seconds=90), Fetch.ENTRY, True)
    assert (om.kind, om.selectors) == (SourceKind.SECTION, Selectors(item="li", title="h2"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('every = "5x"', "6: source \"nos\": every: '5x' is not a duration: write for example"),
        ("every = 5", '6: source "nos": every: 5 is not a duration: write for example'),
        ('fetch = "all"', "6: source \"nos\": fetch: Input should be 'page' or 'entry'"),
        ('langauge = "nl"', '6: source "nos": unknown key "langauge": did you mean "language"?'),
        ("enabled = 3", '6: source "nos": enabled: this should be true or false'),
        ('every = "0s"', '6: source "nos": every: that is too short: write at least "1s"'),
        ('every = "99999999999d"', "6: source \"nos\": every: '99999999999d' is not a duration"),
    ],
)
def test_each_kind_of_fault_names_line_table_and_remedy(tmp_path, line, fault) -> None:
    (said,) = faults_of(tmp_path, f"{SOURCE}{line}\n")

    assert said.startswith(f"file.toml:{fault}")


def test_a_missing_key_an_odd_id_and_a_strange_scheme_are_faults(tmp_path: Path) -> None:
    text = '[[source]]\nid = "N O S"\nkind = "feed"\nurl = "ftp://x.example/"\n'

    assert faults_of(tmp_path, text) == [
        'file.toml:1: source "N O S": "outlet" is missing: add outlet = …',
        (
            "file.toml:2: source \"N O S\": id: 'N O S' is not an id: "
            "use lower-case letters, digits, - and _"
        ),
        'file.toml:4: source "N O S": url: this is not a web address: begin it with https://',
    ]


def test_a_table_that_stands_twice_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text("[concepts]\na = ['b']\n\n[concepts]\nc = ['d']\n", "utf-8")

    with pytest.raises(ConfigError, match=r"file.toml:4: the table \[concepts\] is there already"):
        read_toml(path)


def test_an_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SOURCE + SOURCE)

    assert fault == (
        'file.toml:7: source "nos": id "nos" is used twice: line 2 has it already; choose another'
    )


def test_a_section_without_selectors_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SOURCE.replace('"feed"', '"section"'))

    assert "a section needs selectors" in fault


def test_an_address_with_a_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, SOURCE.replace("https://", "https://me:geheim@"))

    assert "carries a password" in fault
    assert "geheim" not in fault


@pytest.mark.parametrize("url", ["http://[::1/x", "http://127.0.0.1:99999/", "https://x\ty/"])
def test_an_address_that_no_request_can_be_made_of_is_a_fault(tmp_path: Path, url: str) -> None:
    text = SOURCE.replace("https://nos.example/rss", url.replace("\t", "\\t"))

    (fault,) = faults_of(tmp_path, text)

    assert fault.startswith('file.toml:5: source "nos": url: this is not a web address')


@pytest.mark.parametrize(
    "line", ["workers = 5000", "concurrency = 99999999999999999999", 'user_agent = "a\\r\\nb"']
)
def test_settings_that_would_hang_or_break_are_faults(tmp_path: Path, line: str) -> None:
    (fault,) = faults_of(tmp_path, f"[crawl]\n{line}\n", load_settings)

    assert fault.startswith("file.toml:2: [crawl]: ")


def test_settings_that_are_not_there_have_their_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "none.toml")

    assert settings.schedule.first_run is FirstRun.SUMMARY
    assert settings.store.path is None


def test_faults_in_settings_name_their_table(tmp_path: Path) -> None:
    text = '[network]\nallow = [\n "10.0.0.0/8",\n "near"]\n[schedule]\ntimezone = "Mars"\n'

    network, timezone = faults_of(tmp_path, text, load_settings)

    assert network.startswith("file.toml:2: [network]: 'near' is not a network")
    assert timezone.startswith("file.toml:6: [schedule]: timezone: 'Mars' is not a time zone")


def test_the_shipped_configuration_says_what_the_defaults_are(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "config"

    assert load_settings(shipped / "nieuwswacht.toml") == load_settings(tmp_path / "none.toml")


KINDS = [
    kind
    for config in get_args(get_args(ChannelConfig)[0])
    for kind in get_args(config.model_fields["kind"].annotation)
]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", '1: channel "desk": "kind" is missing: add kind = …'),
        ('kind = "slak"', '3: channel "desk": kind: there is no "slak": did you mean "slack"?'),
        (
            'kind = "pager"',
            f'3: channel "desk": kind: there is no "pager": there are: {", ".join(KINDS)}',
        ),
    ],
)
def test_a_channel_of_no_kind_is_told_which_there_are(tmp_path, line, fault) -> None:
    text = f'[[channel]]\nid = "desk"\n{line}\n'

    assert faults_of(tmp_path, text, load_channels) == [f"file.toml:{fault}"]
