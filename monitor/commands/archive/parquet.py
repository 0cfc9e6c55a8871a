"""An export as Parquet, which programs for research read with its types."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from crawler.store import as_time

_TIME = pa.timestamp("us", tz="UTC")
_TYPES = (
    dict.fromkeys(("published", "first_seen", "found", "seen", "until", "created", "told"), _TIME)
    | dict.fromkeys(("first_published", "last_published"), _TIME)
    | dict.fromkeys(
        ("revision", "lost", "articles", "outlets", "deliveries", "delivered"), pa.int64()
    )
    | dict.fromkeys(("partial", "whole"), pa.bool_())
    | {"items": pa.list_(pa.int64())}
)
# Rows of a group; chosen: with texts of usual length they take some 20 MB.
_GROUP = 5_000


def write_parquet(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write the rows to standard output, by groups, so that none waits for all."""
    schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in columns])
    left = iter(rows)
    with ParquetWriter(sys.stdout.buffer, schema) as out:
        while group := list(islice(left, _GROUP)):
            values = {
                field.name: [_value(row[field.name], field.type) for row in group]
                for field in schema
            }
            out.write_table(pa.Table.from_pydict(values, schema))


def _value(value: object, kind: pa.DataType) -> object:
    if value is not None and kind == _TIME:
        return as_time(str(value))
    return value
