"""What several commands take on the command line: moments, and archives beside the one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor.context import Context, F

if TYPE_CHECKING:
    from crawler.parts import PartMap


# Bytes of archives. Chosen: reading them takes longer than it takes processes to start.
_WORTH_PROCESSES = 50_000_000


class MomentType(click.ParamType[datetime]):
    """A day (`2026-03-01`), a time (`2026-03-01 09:00`, RFC 3339), or how long ago (`3d`, `12h`).

    The result is aware. With `ahead`, a span counts forward from now.
    """

    name = "when"

    def __init__(self, *, ahead: bool = False) -> None:
        self._ahead = ahead

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The moment; a time without a zone is in `[schedule] timezone`."""
        from crawler.config import duration_of

        assert ctx is not None
        context: Context = ctx.obj
        span = duration_of(str(value))
        if span is not None:
            return context.now() + span if self._ahead else context.now() - span
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            remedy = "write 2026-03-01, 2026-03-01 09:00, or 3d for three days"
            self.fail(f"{value!r} is no moment: {remedy}", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=_zone(context))


def _zone(context: Context) -> ZoneInfo:
    return ZoneInfo(context.plain.timezone)


def also_option(command: F) -> F:
    """Add `--also`, the archives that are read beside the one of the configuration."""
    return click.option(
        "--also",
        metavar="OTHER.db",
        type=click.Path(path_type=Path),
        multiple=True,
        help="An archive read together with this one, as a history; give it again for more.",
    )(command)


def _set_database(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(Context).name_database(value)


def db_option(command: F) -> F:
    """Add `--db`, which names the database as the option before the command does."""
    return click.option(
        "--db",
        metavar="FILE",
        expose_value=False,
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_set_database,
        help="The database of this command.",
    )(command)


def cluster_option(command: F) -> F:
    """Add `--cluster`, the Dask cluster whose workers do the reading."""
    return click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Let the Dask cluster with this scheduler do the reading: tcp://HOST:8786.",
    )(command)


def part_map_of(
    cluster: str | None, files: Sequence[Path], silence: float | None = None
) -> PartMap | None:
    """What reads these archives: a Dask cluster, or processes of this machine.

    It is None where this process does it as quickly. `silence` is for how many seconds none of them
    need say anything.
    """
    from crawler.parts import SILENCE, DaskMap, LocalMap

    silence = silence or SILENCE
    if cluster:
        return DaskMap(cluster, silence=silence)
    large = sum(file.stat().st_size for file in files) > _WORTH_PROCESSES
    workers = min(len(files), os.cpu_count() or 1)
    return LocalMap(workers, silence=silence) if large and workers > 1 else None
