"""The words of messages, in the languages that a channel can speak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Counted(NamedTuple):
    """Words for one of something, and for any other number of it."""

    one: str
    many: str

    def of(self, number: int) -> str:
        """The words for so many."""
        return (self.one if number == 1 else self.many).format(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One language; `{}` stands for what is filled in."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    article: str
    also_at: str
    rule: str
    rules: str
    why: str
    in_title: str
    in_lead: str
    in_body: str
    read_at: str
    partial: str
    late: str
    urgent: str
    correction: str
    also_now: str
    was: str
    becomes: str
    gone: str
    added: str
    title: str
    lead: str
    sentence: str
    update: str
    digest: Counted
    catch_up: Counted
    first_run: Counted
    test_subject: str
    test_line: str
    more: str
    health: str
    undelivered: str
    undelivered_line: str
    paused: str
    paused_line: str
    heartbeat: str
    heartbeat_line: str
    matches: Counted
    items: Counted
    sources: Counted
    silent: str
    silent_line: str
    back: str
    back_line: str
    ailing: str
    grades: tuple[str, str]
    well: str
    well_line: str
    rules_refused: str
    rules_refused_line: str
    rule_refused: str
    rule_refused_line: str
    rules_mended: str
    footer: str


NL = Phrases(
    days=("ma", "di", "wo", "do", "vr", "za", "zo"),
    months=("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    article="{outlet}, {time}",
    also_at="Ook bij {}",
    rule="Regel: {}",
    rules="Regels: {}",
    why="Waarom: {}",
    in_title="in de kop",
    in_lead="in de inleiding",
    in_body="in de tekst",
    read_at="Lees bij {}",
    partial="Alleen een deel van de tekst was te lezen.",
    late="Het stuk stond er al; na een wijziging past het nu bij de regel.",
    urgent="Spoed",
    correction="Gewijzigd bij {}",
    also_now="Nu ook bij {}",
    was="Was: {}",
    becomes="Nu: {}",
    gone="Weg: {}",
    added="Nieuw: {}",
    title="Kop",
    lead="Inleiding",
    sentence="Tekst",
    update="Vervolg: {}",
    digest=Counted("Overzicht: {} verhaal", "Overzicht: {} verhalen"),
    catch_up=Counted("Na een storing: {} verhaal", "Na een storing: {} verhalen"),
    first_run=Counted(
        "Eerste ronde: {} verhaal dat al gepubliceerd was",
        "Eerste ronde: {} verhalen die al gepubliceerd waren",
    ),
    test_subject="Proefbericht van Nieuwswacht",
    test_line="Dit kanaal werkt. Zo komt een alert binnen.",
    more="en nog {}",
    health="Over Nieuwswacht zelf",
    undelivered="Niet bezorgd via {}",
    undelivered_line="{title} ({reason})",
    paused="Kanaal {} wordt geweigerd",
    paused_line="De ontvanger zei: {}. De alerts blijven bewaard; nu en dan volgt een poging.",
    heartbeat="Nieuwswacht draait",
    heartbeat_line="{matches} in {items} van {ok} van de {total}",
    matches=Counted("{} treffer", "{} treffers"),
    items=Counted("{} artikel", "{} artikelen"),
    sources=Counted("{} bron", "{} bronnen"),
    silent="Bron {} is stil",
    silent_line="Laatste artikel {since}; gewoonlijk komt er elke {usual} een.",
    back="Bron {} is terug",
    back_line="Er kwam weer een artikel, na stilte sinds {since}.",
    ailing="Bron {} doet het niet goed",
    grades=("hapert", "geeft niet thuis"),
    well="Bron {} doet het weer",
    well_line="Er was iets mis sinds {since}.",
    rules_refused="De nieuwe regels zijn geweigerd",
    rules_refused_line="Tot dit hersteld is, gelden de vorige regels.",
    rule_refused="Geweigerde regels: {}",
    rule_refused_line="De rest geldt; hiervan tot herstel de vorige versie, als die er was.",
    rules_mended="Niet meer geweigerd: {}",
    footer="Nieuwswacht",
)

EN = Phrases(
    days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    article="{outlet}, {time}",
    also_at="Also at {}",
    rule="Rule: {}",
    rules="Rules: {}",
    why="Why: {}",
    in_title="in the headline",
    in_lead="in the lead",
    in_body="in the text",
    read_at="Read at {}",
    partial="Only a part of the text could be read.",
    late="The piece was there already; after a change it now matches the rule.",
    urgent="Urgent",
    correction="Changed at {}",
    also_now="Now also at {}",
    was="Was: {}",
    becomes="Now: {}",
    gone="Gone: {}",
    added="New: {}",
    title="Headline",
    lead="Lead",
    sentence="Text",
    update="Update: {}",
    digest=Counted("Digest: {} story", "Digest: {} stories"),
    catch_up=Counted("After an outage: {} story", "After an outage: {} stories"),
    first_run=Counted(
        "First round: {} story that had been published before",
        "First round: {} stories that had been published before",
    ),
    test_subject="Test message from Nieuwswacht",
    test_line="This channel works. This is how an alert arrives.",
    more="and {} more",
    health="About Nieuwswacht itself",
    undelivered="Not delivered over {}",
    undelivered_line="{title} ({reason})",
    paused="Channel {} is being refused",
    paused_line="The receiver said: {}. The alerts are kept; it is tried from time to time.",
    heartbeat="Nieuwswacht is running",
    heartbeat_line="{matches} in {items} from {ok} of {total}",
    matches=Counted("{} match", "{} matches"),
    items=Counted("{} item", "{} items"),
    sources=Counted("{} source", "{} sources"),
    silent="Source {} is silent",
    silent_line="Last article {since}; usually one comes every {usual}.",
    back="Source {} is back",
    back_line="An article came in again, after silence since {since}.",
    ailing="Source {} does badly",
    grades=("degraded", "dead"),
    well="Source {} does well again",
    well_line="Something was wrong since {since}.",
    rules_refused="The new rules are refused",
    rules_refused_line="Until this is mended the rules before them stay in force.",
    rule_refused="Refused rules: {}",
    rule_refused_line="The rest is in force; of these the version before, if there was one.",
    rules_mended="No longer refused: {}",
    footer="Nieuwswacht",
)

_LANGUAGES = {"nl": NL, "en": EN}


def phrases_of(language: str) -> Phrases:
    """The words of this language."""
    return _LANGUAGES[language]


def clock_text(moment: datetime, zone: ZoneInfo, words: Phrases) -> str:
    """A moment as people of this language write it, by the local clock: `zo 22 nov 2026, 20:54`."""
    local = moment.astimezone(zone)
    day, month = words.days[local.weekday()], words.months[local.month - 1]
    return f"{day} {local.day} {month} {local.year}, {local:%H:%M}"


def span_text(seconds: float) -> str:
    """A span of time, short: `40 min`, `3 h`, `2 d` — the same in both languages."""
    minutes = round(seconds / 60)
    if minutes < 120:  # noqa: PLR2004 - below two hours minutes say more
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} d"  # noqa: PLR2004 - below two days hours say more
