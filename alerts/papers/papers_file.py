"""`reviews.toml` as types: the morning papers of a desk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from alerts.channel_config import Clocks, Language
from alerts.faults import SettingFault
from alerts.papers.paper_plan import WEEKDAYS, MorningPaper, PaperSection
from crawler.config import (
    Duration,
    Identifier,
    Table,
    TomlFile,
    between,
    fault,
    read_toml,
    repeated_ids,
    validated,
)
from crawler.errors import ConfigError, ConfigFaults

_LAST: Literal["last"] = "last"
# Chosen: a paper of more than a month is a report.
_SPAN = between(("1h", timedelta(hours=1)), ("31d", timedelta(days=31)))
_DAYS = ", ".join(f'"{day}"' for day in WEEKDAYS)


def _span(value: object) -> object:
    return None if value == _LAST else value


def _day(value: str) -> str:
    if value not in WEEKDAYS:
        raise fault(SettingFault.NO_DAY(name=value, days=_DAYS))
    return value


Name = Annotated[str, Field(min_length=1, max_length=100)]
Day = Annotated[str, AfterValidator(_day)]


class SectionTable(Table):
    """A subject in `sections`."""

    title: Name
    rules: Annotated[tuple[str, ...], Field(min_length=1)]


class PaperTable(Table):
    """`[[review]]`."""

    id: Identifier
    name: Name
    at: Annotated[Clocks, Field(min_length=1)]
    days: Annotated[tuple[Day, ...], Field(min_length=1)] = WEEKDAYS
    rules: Annotated[tuple[str, ...] | None, Field(min_length=1)] = None
    sections: Annotated[tuple[SectionTable, ...] | None, Field(min_length=1)] = None
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    since: Annotated[Annotated[Duration, AfterValidator(_SPAN)] | None, BeforeValidator(_span)] = (
        None
    )
    most: Annotated[int, Field(ge=1, le=500)] = 40
    language: Language = "nl"

    @model_validator(mode="after")
    def _rules_or_sections(self) -> Self:
        if self.rules is not None and self.sections is not None:
            raise fault(SettingFault.RULES_AND_SECTIONS())
        return self

    @property
    def paper(self) -> MorningPaper:
        """The paper that this table describes."""
        tables = self.sections or ()
        sections = tuple(PaperSection(table.title, table.rules) for table in tables)
        return MorningPaper(
            id=self.id,
            name=self.name,
            at=self.at,
            sections=sections or (PaperSection("", self.rules or ()),),
            channels=self.channels,
            days=self.days,
            span=self.since,
            most=self.most,
            language=self.language,
        )


class PapersFile(Table):
    """`reviews.toml`."""

    review: tuple[PaperTable, ...] = ()


def load_papers(
    path: Path, *, channels: Collection[str], rules: Collection[str] | None
) -> list[MorningPaper]:
    """The morning papers; none where there is no such file.

    Without `rules` any will do: then their own file cannot be read.

    Raises:
        ConfigFaults: with file, line, table and remedy.
    """
    if not path.exists():
        return []
    file = read_toml(path)
    tables = validated(file, PapersFile).review
    faults = repeated_ids(file, "review", [table.id for table in tables])
    for number, table in enumerate(tables):
        faults += _faults_of(file, number, table, channels, rules)
    if faults:
        raise ConfigFaults(faults)
    return [table.paper for table in tables]


def _faults_of(
    file: TomlFile,
    number: int,
    table: PaperTable,
    channels: Collection[str],
    rules: Collection[str] | None,
) -> Iterator[ConfigError]:
    for name in table.channels:
        if name not in channels:
            what = SettingFault.UNKNOWN_CHANNEL(name=name, names=", ".join(channels))
            yield file.error(what, at=("review", number, "channels"))
    for key, named in _named_rules(table):
        for name in named if rules is not None else ():
            if name not in (rules or ()):
                what = SettingFault.UNKNOWN_RULE(name=name, names=", ".join(rules or ()))
                yield file.error(what, at=("review", number, *key))


def _named_rules(table: PaperTable) -> Iterator[tuple[tuple[str | int, ...], Sequence[str]]]:
    """Yield the lists of rules of a table, each with its place in it."""
    yield ("rules",), table.rules or ()
    for place, section in enumerate(table.sections or ()):
        yield ("sections", place, "rules"), section.rules
