"""The configuration of the demonstration, as the files that a user would write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from crawler.model import Source

_FILES = ("nieuwswacht.toml", "channels.toml", "rules.toml", "reviews.toml")


def write_configuration(
    folder: Path, sources: Iterable[Source], values: Mapping[str, str | int]
) -> None:
    """Write all five files into the folder; `values` fills the places in the bundled ones.

    The places are `slack_url`, `smtp_port`, `webhook_url`, `webhook_secret` and `database`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bundle = files("monitor.demo") / "config"
    for name in _FILES:
        text = (bundle / name).read_text("utf-8")
        filled = Template(text).substitute(values) if name != "rules.toml" else text
        (folder / name).write_text(filled, "utf-8")
    (folder / "sources.toml").write_text(sources_toml(sources), "utf-8")


def sources_toml(sources: Iterable[Source]) -> str:
    """The sources as `sources.toml`."""
    return "\n".join(_table(source) for source in sources)


def _table(source: Source) -> str:
    values = {
        "id": source.id,
        "outlet": source.outlet,
        "kind": source.kind.value,
        "url": source.url,
        "every": f"{source.every.total_seconds():g}s",
        "fetch": source.fetch.value,
        "section": source.section,
    }
    rows = [f"{key} = {_text(value)}\n" for key, value in values.items() if value is not None]
    return "[[source]]\n" + "".join(rows) + _selectors(source)


def _selectors(source: Source) -> str:
    chosen = source.selectors
    if chosen is None:
        return ""
    values = {"item": chosen.item, "link": chosen.link, "title": chosen.title, "date": chosen.date}
    pairs = ", ".join(f"{key} = {_text(value)}" for key, value in values.items() if value)
    return f"selectors = {{ {pairs} }}\n"


def _text(value: str) -> str:
    # A JSON string without escapes for non-ASCII is a TOML basic string, except for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
