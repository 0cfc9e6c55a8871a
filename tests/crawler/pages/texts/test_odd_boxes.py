"""Text of an article in boxes meant for something else, and what such boxes usually hold."""

from __future__ import annotations

import madepages
import pytest
from madepages import TEXT, TITLE

HIT = "De bewoners van het dorp kregen maandag te horen dat zij binnen een week moesten vertrekken."
MORE = "Wie bleef, moest dat volgens de burgemeester voor het weekend schriftelijk melden."
LONG = f"{HIT} {MORE} Voor wie geen familie in de stad heeft, richtte de gemeente een gymzaal in."
IMAGE = "<img src='/dorp.jpg'>"
FIRST, SECOND, THIRD = (f"<p>{part}</p>" for part in TEXT)


def body(inner: str) -> str:
    html = f"<html><head><title>{TITLE}</title></head><body><main><article><h1>{TITLE}</h1>{inner}"
    return madepages.read(f"{html}</article></main></body></html>").body


@pytest.mark.parametrize("name", ["", " class='media'"])
@pytest.mark.parametrize(
    "inner",
    [
        f"<div>{HIT}</div>",
        f"<div>{HIT}</div><div>{MORE}</div>",
        f"<div><p>{HIT}</p><p>{MORE}</p></div>",
        f"{IMAGE}<div>{HIT}</div><div>{MORE}</div>",
        f"<picture>{IMAGE}</picture><p>{HIT}</p><p>{MORE}</p>",
        f"{IMAGE}<div class='tekst'>{LONG}</div>",
    ],
)
def test_sentences_in_the_element_of_a_picture_without_a_caption_stay(
    inner: str, name: str
) -> None:
    figure = f"<figure{name}>{inner}</figure>"
    for article in (f"{FIRST}{figure}{SECOND}{THIRD}", f"{FIRST}{SECOND}{THIRD}{figure}"):
        text = body(article)
        assert text.count(HIT) == 1
        assert MORE not in inner or text.count(MORE) == 1


@pytest.mark.parametrize(
    "inner",
    [
        f"{IMAGE}<div>{HIT}</div>",
        f"{IMAGE}<span>{HIT}</span>",
        f"{IMAGE}<div class='caption'>{LONG}</div>",
        f"{IMAGE}<div class='bijschrift'><div>{HIT}</div><div>{MORE}</div></div>",
        f"{IMAGE}<div>{HIT}</div>{IMAGE}<div>{MORE}</div>",
        f"<a href='/x'>{IMAGE}<h3>Brug weer open</h3><p>{HIT}</p><p>{MORE}</p></a>",
    ],
)
def test_the_line_beside_each_picture_is_its_caption(inner: str) -> None:
    figure = f"<figure>{inner}</figure>"
    assert HIT not in body(f"{FIRST}{figure}{SECOND}{THIRD}{figure}")
