"""Posts that an article embeds: their text stays, marked, and rules may leave it out."""

from __future__ import annotations

import pytest
from madepages import BODY, TEXT, TITLE, read

from crawler.model import POST_MARK

FIRST, SECOND, THIRD = (f"<p>{part}</p>" for part in TEXT)
POST = "Onze strijders staan in Qasr al-Nahr, de brug is van ons."
WHO = "Leger van Daraqa (@daraqa)"
TWITTER = "https://twitter.com/daraqa/status/1890000000000000001"


def made(inner: str) -> str:
    return (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
        f"{FIRST}{SECOND}{inner}{THIRD}</article></body></html>"
    )


EMBEDDED = {
    "Threads": (
        '<blockquote class="text-post-media"><a href="https://www.threads.net/@d/post/C1"><div>'
        f"{POST}</div><div>Post by @{WHO}</div><div>View on Threads</div></a></blockquote>"
    ),
    "VK": (f'<blockquote><p>{POST}</p><a href="https://vk.com/wall-12_34">{WHO}</a></blockquote>'),
    "LinkedIn": (
        f'<blockquote><p>{POST}</p><a href="https://www.linkedin.com/feed/update/urn:li:share:1">'
        f"{WHO}</a></blockquote>"
    ),
    "twitter": f'<blockquote class="twitter-tweet"><p lang="nl">{POST} <a href="https://t.co/x1">'
    f'pic.twitter.com/x1</a></p>&mdash; {WHO} <a href="{TWITTER}">12 november 2026</a></blockquote>'
    '<script async src="https://platform.twitter.com/widgets.js"></script>',
    "twitter in a figure": f'<figure class="embed tweet"><blockquote><p>{POST}</p><p>{WHO}</p>'
    f'</blockquote><img src="/x.jpg"></figure>',
    "a quotation that ends at a post": f"<blockquote><p>{POST}</p><footer>{WHO} "
    f'<a href="{TWITTER}">op X</a></footer></blockquote>',
    "instagram": '<blockquote class="instagram-media"><div><a href="https://www.instagram.com/p/1/">'
    f"Dit bericht op Instagram bekijken</a></div><p>{POST}</p><p>{WHO}</p></blockquote>",
    "facebook": f'<div class="fb-post" data-href="https://www.facebook.com/d/posts/1"><blockquote '
    f'cite="https://www.facebook.com/d/posts/1"><p>{POST}</p>{WHO}</blockquote></div>',
    "telegram": f'<iframe src="https://t.me/daraqa/123?embed=1"></iframe><noscript><p>{POST}</p>'
    f'<a href="https://t.me/daraqa/123">{WHO}</a></noscript>',
    "mastodon": f'<iframe class="mastodon-embed" src="https://nieuws.example/@daraqa/113812345678/embed">'
    f"<p>{POST}</p><p>{WHO}</p></iframe>",
    "mastodon's quotation": f"<blockquote><p>{POST}</p><a href='https://nieuws.example/@daraqa/113812345'>"
    f"{WHO}</a></blockquote>",
    "bluesky": f'<blockquote class="bluesky-embed"><p>{POST}</p>&mdash; {WHO} <a '
    'href="https://bsky.app/profile/d.example/post/3k">12 november 2026</a></blockquote>',
    "amp": f'<amp-twitter data-tweetid="1"><blockquote placeholder><p>{POST}</p>{WHO}</blockquote>'
    "</amp-twitter>",
    "without scripts": f"<noscript><blockquote><p>{POST}</p>"
    f'<a href="{TWITTER}">{WHO}</a></blockquote></noscript>',
}


@pytest.mark.parametrize("embedded", EMBEDDED.values(), ids=EMBEDDED)
def test_a_post_stays_in_its_place_marked_and_with_its_author(embedded: str) -> None:
    blocks = read(made(embedded)).body.split("\n\n")
    assert blocks[:2] == list(TEXT[:2])
    assert blocks[-1] == TEXT[2]
    assert len(blocks) == 4
    assert blocks[2].startswith(POST_MARK + POST)
    assert WHO in blocks[2]
    assert "Instagram" not in blocks[2]


@pytest.mark.parametrize("embedded", EMBEDDED.values(), ids=EMBEDDED)
def test_a_post_behind_the_last_paragraph_stays_too(embedded: str) -> None:
    html = made("").replace("</article>", f"{embedded}</article>")
    assert POST in read(html).body


@pytest.mark.parametrize(
    "other",
    [
        f"<blockquote><p>{POST}</p></blockquote>",
        f'<blockquote><p>{POST}</p><a href="/dossier/daraqa">Dossier</a></blockquote>',
        f'<blockquote><p>{POST}</p><a href="https://twitter.com/daraqa">Volg hem</a></blockquote>',
        f'<div class="tweetalig"><p>{POST}</p></div>',
    ],
)
def test_a_quotation_from_elsewhere_is_the_articles_own(other: str) -> None:
    assert POST_MARK not in read(made(other)).body
    assert POST in read(made(other)).body


@pytest.mark.parametrize(
    "empty",
    [
        '<blockquote class="twitter-tweet"><a href="https://x.com/d/status/1"></a></blockquote>',
        '<blockquote class="instagram-media"><a href="https://www.instagram.com/p/x1/">View this '
        "post on Instagram</a></blockquote>",
        '<iframe src="https://t.me/d/1"></iframe><noscript>Schakel JavaScript in.</noscript>',
        '<noscript><img src="/pixel.gif"></noscript>',
    ],
)
def test_a_post_without_words_leaves_nothing(empty: str) -> None:
    assert read(made(empty)).body == BODY


def test_an_article_in_a_box_with_the_name_of_a_post_is_no_post() -> None:
    html = (
        made("")
        .replace("<article>", '<article><div class="tweet">')
        .replace("</article>", "</div></article>")
    )
    assert read(html).body == BODY
