"""What an outlet says that its article had wrong: it stays wherever on the page it stands."""

from __future__ import annotations

import json

import pytest
from madepages import TITLE, URL, page, read

from crawler.pages.texts.corrections import is_correction

SAID = "In een eerdere versie stond dat de brug was opgeblazen; zij is alleen beschadigd."
LABELLED = "Correctie: niet de brug maar de dijk bij Daraqa is dinsdag beschadigd geraakt."
BOXES = (
    *("<aside><p>{}</p></aside>", "<footer><p>{}</p></footer>", '<div role="note">{}</div>'),
    *("<aside><h4>Herstel</h4><p>{}</p></aside>", '<div class="author-meta"><p>{}</p></div>'),
    *('<div class="disclaimer"><small>{}</small></div>', "<dl><dt>Nb</dt><dd>{}</dd></dl>"),
    *('<p class="byline">{}</p>', "<h4>Herstel</h4><ul><li>{}</li></ul>"),
    "<div><p>Jan Jansen schrijft voor deze krant over Daraqa.</p><p>{}</p></div>",
    "<em>{}</em>",
)


@pytest.mark.parametrize("said", [SAID, LABELLED])
@pytest.mark.parametrize("box", BOXES)
def test_a_correction_below_the_article_stays_whatever_its_box(box: str, said: str) -> None:
    assert read(page(inner=box.format(said))).body.count(said) == 1


@pytest.mark.parametrize("said", [SAID, LABELLED])
@pytest.mark.parametrize("box", BOXES[:-1])
def test_a_correction_soon_behind_the_article_stays(box: str, said: str) -> None:
    html = page().replace("</article>", f"</article>{box.format(said)}")
    assert read(html).body.count(said) == 1


@pytest.mark.parametrize(
    "behind",
    [
        "<article><h2>Brug bij Tell Amar dicht</h2><p>{}</p></article>",
        '<section class="comments"><p>{}</p></section>',
        '<a href="/brug"><h3>Brug bij Tell Amar dicht</h3><p>{}</p></a>',
        "<div><h2>Brug dicht</h2>"
        + "".join(f"<p>Bij Tell Amar gaat brug {n} voor een maand dicht.</p>" for n in range(4))
        + "<p>{}</p></div>",
    ],
)
def test_what_another_article_or_a_reader_corrects_is_no_part_of_this_one(behind: str) -> None:
    html = page().replace("</article>", f"</article>{behind.format(SAID)}")
    assert SAID not in read(html).body


@pytest.mark.parametrize(
    "value",
    [
        SAID,
        {"@type": "CorrectionComment", "text": SAID},
        [{"@type": "CorrectionComment", "description": SAID}],
    ],
)
def test_a_correction_in_json_ld_stands_at_the_end_once(value: object) -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "url": URL, "correction": value}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    for inner in ("", f"<aside>{SAID}</aside>"):
        assert read(page(head, inner)).body.split("\n\n")[-1] == SAID
        assert read(page(head, inner)).body.count(SAID) == 1


def test_an_address_of_a_policy_is_no_correction() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "correction": "https://krant.example/fouten"}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert "fouten" not in read(page(head)).body


@pytest.mark.parametrize(
    "line",
    [
        "Rectificatie: de verdachte komt niet uit Daraqa.",
        "Aanvulling 14.30 uur: het leger spreekt de berichten tegen.",
        "Naschrift van de redactie: de gouverneur is na publicatie afgetreden.",
        "Correctie (28 november 2026, 9.15 uur): het gaat om drie tanks.",
        "Update 16:20: de brug is weer open.",
        "Dit artikel is op 28 november aangepast: het aantal doden is twaalf.",
        "Abusievelijk stond hier dat de gouverneur dood was.",
        "An earlier version of this article said that the bridge was gone.",
        "Une version précédente de cet article parlait de douze morts.",
    ],
)
def test_lines_that_correct(line: str) -> None:
    assert is_correction(line)


@pytest.mark.parametrize(
    "line",
    [
        "De correctie op de huizenmarkt zet volgens makelaars door.",
        "Hij zegt dat een eerdere versie van het plan is afgewezen.",
        "Het herstel van de brug duurt tot juni: eerst komt er een noodbrug.",
        "De wet is aangepast en het verdrag gewijzigd.",
        "Eerder stond de stad onder bevel van de gouverneur.",
    ],
)
def test_lines_that_tell_of_corrections_by_others(line: str) -> None:
    assert not is_correction(line)
