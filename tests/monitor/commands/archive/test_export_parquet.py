"""`export --format parquet`: the same rows as in JSON lines, with their types."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import Result
from commanddesk import command_in, told_in
from deliverydesk import BAGHUZ, article, open_desk
from pyarrow.parquet import ParquetFile

Run = Callable[..., Result]
TIMES = {"published", "first_seen", "found", "seen", "until", "created", "told"}
MORE_TIMES = {"first_published", "last_published"}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    told_in(tmp_path)
    desk = open_desk(tmp_path / "nieuws.db")
    desk.save(article("Kop", BAGHUZ.replace("Duizenden", "Veel"), number=2))
    desk.writer.close()
    return command_in(tmp_path)


@pytest.mark.parametrize("what", ["articles", "matches", "revisions", "stories", "alerts"])
def test_parquet_has_the_rows_of_json_lines(run: Run, what: str) -> None:
    lines = [
        json.loads(line) for line in run("export", what, "--format", "jsonl").stdout.splitlines()
    ]

    file = ParquetFile(io.BytesIO(run("export", what, "--format", "parquet").stdout_bytes))

    rows = file.read().to_pylist()
    assert len(rows) == len(lines) > 0
    for row, line in zip(rows, lines, strict=True):
        for name in TIMES | MORE_TIMES:
            if line.get(name):
                line[name] = datetime.fromisoformat(line[name]).astimezone(UTC)
        assert row == line


def test_times_numbers_and_flags_have_their_types(run: Run) -> None:
    file = ParquetFile(io.BytesIO(run("export", "articles", "--format", "parquet").stdout_bytes))

    schema = file.schema_arrow
    assert schema.field("published").type == pa.timestamp("us", tz="UTC")
    assert schema.field("partial").type == pa.bool_()
    assert schema.field("items").type == pa.list_(pa.int64())


def test_an_export_without_rows_is_a_file_with_its_columns(run: Run) -> None:
    words = ("export", "articles", "--since", "2099-01-01", "--format", "parquet")

    file = ParquetFile(io.BytesIO(run(*words).stdout_bytes))

    assert file.metadata.num_rows == 0
    assert file.schema_arrow.names[:2] == ["id", "outlet"]
