"""The press of March 2019, from a web archive: which alerts a rule would have given, and when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from webarchives import Capture, news_page, packed

from monitor.cli import cli

ROOT = Path(__file__).parents[2]
# Invented, as all texts of the tests; only the hosts are those of the catalogue.
FALLEN = (
    "De Syrische Democratische Strijdkrachten (SDF) hebben zaterdag het laatste gebied van IS in "
    "Baghuz veroverd. Daarmee is het kalifaat gevallen, meldt een woordvoerder van de SDF.",
    "Op een flat aan de Eufraat hesen strijders een gele vlag. In tunnels onder het dorp zouden "
    "zich nog tientallen mannen verstoppen, zegt een commandant.",
)
COPIED = (
    *FALLEN,
    "Het kabinet noemt de verovering een belangrijke stap, laat een woordvoerder weten.",
)
CAMPS = (
    "In kamp Al-Hol zitten na de val van Baghuz ruim zeventigduizend mensen, onder wie vrouwen en "
    "kinderen van IS-strijders. Hulporganisaties vragen om tenten, water en artsen.",
    "Onder hen zijn volgens het Rode Kruis minstens negentig kinderen met een Nederlandse ouder.",
)
BATTLE = (
    "Bij Baghuz wordt nog gevochten om de laatste vierkante kilometer van IS. De coalitie voerde "
    "vrijdag twintig luchtaanvallen uit, zegt een woordvoerder in Bagdad.",
    "Sinds januari hebben zestigduizend mensen het dorp verlaten, de meesten te voet.",
)
BRIDGE = (
    "Sluisdam heeft een nieuwe brug over de vaart, die de oude uit 1931 vervangt. De wethouder "
    "knipte vrijdag het lint door en fietste als eerste naar de overkant.",
    "De bouw duurde twee jaar en kostte vier miljoen euro, iets minder dan begroot was.",
)
NOS, NU = "https://nos.nl/artikel/2277", "https://www.nu.nl/buitenland/5800"
VOLKSKRANT, VRT = (
    "https://www.volkskrant.nl/nieuws-achtergrond/",
    "https://www.vrt.be/vrtnws/nl/2019/03/",
)


def page(url: str, title: str, text: Sequence[str], at: str) -> Capture:
    return Capture(url=url, body=news_page(title, text, at), at=at)


FRIDAY = [
    page(
        f"{NOS}101-baghuz",
        "Strijd om laatste dorp van IS gaat door",
        BATTLE,
        "2019-03-22T09:10:00Z",
    ),
    page(f"{NU}101/brug.html", "Sluisdam opent nieuwe brug", BRIDGE, "2019-03-22T15:00:00Z"),
    page("https://news.example/baghuz", "Baghuz", BATTLE, "2019-03-22T15:10:00Z"),
]
SATURDAY = [
    Capture(kind="warcinfo", url="https://commoncrawl.example/", at="2019-03-23T06:00:00Z"),
    page(
        f"{NOS}201-kalifaat", "Kalifaat van IS gevallen, meldt SDF", FALLEN, "2019-03-23T06:20:00Z"
    ),
    page(
        f"{NU}201/kalifaat.html", "Laatste bolwerk van IS veroverd", COPIED, "2019-03-23T06:41:00Z"
    ),
    Capture(url=f"{NOS}201-kalifaat", kind="revisit", at="2019-03-23T07:00:00Z"),
    page(
        f"{VRT}23/kalifaat-van-is-is-gevallen/",
        "Het kalifaat is gevallen",
        FALLEN,
        "2019-03-23T07:15:00Z",
    ),
    page(
        f"{VOLKSKRANT}zeventigduizend-mensen-in-al-hol~b1a2c3d4e/",
        "Wie zitten er in Al-Hol?",
        CAMPS,
        "2019-03-23T10:30:00Z",
    ),
    page(
        "https://news.example/caliphate", "The caliphate is no more", FALLEN, "2019-03-23T11:00:00Z"
    ),
]
FILES = {
    "CC-NEWS-20190322080000-00101.warc.gz": FRIDAY,
    "CC-NEWS-20190323060000-00102.warc.gz": SATURDAY,
}


def told_by(*words: str) -> str:
    result = CliRunner().invoke(cli, ["--config", str(ROOT / "config"), *words])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


@pytest.fixture
def history(tmp_path: Path) -> Path:
    folder = tmp_path / "cc-news"
    folder.mkdir()
    for name, captures in FILES.items():
        (folder / name).write_bytes(b"".join(packed(captures)))
    db = tmp_path / "history-2019-03.db"
    counted = told_by("replay", str(folder), "--db", str(db), "--workers", "0", "--json")
    assert json.loads(counted)["counts"] == {"stored": 6, "foreign": 2, "revisit": 1, "other": 1}
    return db


FALL = ("06:20", "NOS", "Kalifaat van IS gevallen, meldt SDF", ["NOS", "NU.nl", "VRT NWS"])
CHILDREN = ("10:30", "de Volkskrant", "Wie zitten er in Al-Hol?", ["de Volkskrant"])


def test_the_alerts_of_23_march_2019_story_by_story(history: Path) -> None:
    asked = ("rules", "backtest", "--db", str(history), "--stories")
    day = ("--since", "2019-03-23", "--until", "2019-03-24")

    told = {}
    for rule in ("kalifaat", "is-gebied", "kampen", "rechtszaken"):
        found = json.loads(told_by(*asked, *day, "--rule", rule, "--json"))
        told[rule] = [
            (story["published"][11:16], story["outlet"], story["title"], story["outlets"])
            for story in found["told"]
        ]
    words = told_by(*asked, *day, "--rule", "kalifaat")

    assert told == {
        "kalifaat": [FALL],
        "is-gebied": [FALL, CHILDREN],
        "kampen": [CHILDREN],
        "rechtszaken": [],
    }
    assert "2019-03-23 07:20 CET  NOS: Kalifaat van IS gevallen, meldt SDF" in words
    assert "also NU.nl, VRT NWS" in words
    assert "brug" not in words
