"""Tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from monitor.views import inert


def spreadsheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Rows as comma-separated values, saved under this name; no cell is a formula."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(columns)
    out.writerows([inert(cell) for cell in row] for row in rows)
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written.getvalue(), headers=named, media_type="text/csv")
