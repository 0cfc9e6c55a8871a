"""Pages from templates, in the language of the desk."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from crawler.errors import ConfigError, ConfigFaults
from crawler.faults import worded

HERE = Path(__file__).parents[1]


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """What the page says in this language, by the dotted name of each text."""
    tables = tomllib.loads((HERE / "texts" / f"{language}.toml").read_text("utf-8"))
    return {
        f"{table}.{name}": text for table, held in tables.items() for name, text in held.items()
    }


def web_link(address: str) -> str:
    """The address, if it is one of the web; else one that leads nowhere."""
    return address if address.lower().startswith(("http://", "https://")) else "#"


class Paper:
    """Writes pages; `t` in a template is a text by its name, with what stands in it."""

    def __init__(self, language: str) -> None:
        self.language, self._texts = language, texts_of(language)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"t": self.said, "language": language}
        self._templates.filters |= {"number": self.number, "web_link": web_link}

    def said(self, name: str, /, **values: object) -> str:
        """The text with this name."""
        numbers = {key: self.number(each) for key, each in values.items() if type(each) is int}
        return self._texts[name].format(**values | numbers)

    def faults_of(self, read: Callable[[], object]) -> list[str]:
        """Why this part of the configuration cannot be read; empty if it can."""
        try:
            read()
        except ConfigError as error:
            return self.faults(error)
        return []

    def faults(self, error: ConfigError) -> list[str]:
        """What is wrong with the configuration or with a query: each fault in words."""
        faults = error.faults if isinstance(error, ConfigFaults) else (error,)
        return [worded(fault.whole, self.language) for fault in faults]

    def number(self, value: float) -> str:
        """A number as people write it, with one decimal at most."""
        whole, _, decimal = f"{value:,.1f}".partition(".")
        whole = whole.replace(",", self._texts["number.thousands"])
        return whole if decimal == "0" else f"{whole}{self._texts['number.decimal']}{decimal}"

    def text_if_any(self, name: str) -> str:
        """The text with this name; empty if there is none."""
        return self._texts.get(name, "")

    def counted(self, name: str, number: int, /, **values: object) -> str:
        """The text for one, or for another number of things."""
        return self.said(f"{name}_{'one' if number == 1 else 'many'}", n=number, **values)

    def add(self, **helpers: object) -> None:
        """Give all templates these helpers."""
        self._templates.globals |= helpers

    def add_filters(self, **filters: Callable[..., object]) -> None:
        """Give all templates these filters."""
        self._templates.filters |= filters

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A page."""
        written = self._templates.get_template(template).render(
            request=request, admission=request.state.admission, **values
        )
        return HTMLResponse(written, status)
