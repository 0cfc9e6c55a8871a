"""What the boxes of a page hold is the sum of their lines, however they are nested."""

from __future__ import annotations

import pytest
from lxml.html import HtmlElement, document_fromstring

from crawler.pages.texts.box_sums import BoxSums, Held
from crawler.pages.texts.elements import ancestors


def summed(lines: list[HtmlElement]) -> BoxSums:
    sums = BoxSums()
    for line in lines:
        letters = len(line.text or "")
        sums.put(line, Held(shown=letters, running=letters if line.tag == "p" else 0))
    sums.add_up()
    return sums


@pytest.mark.parametrize("depth", [1, 5, 57, 70, 130])
def test_a_box_holds_the_lines_below_it_and_those_in_boxes_below_it(depth: int) -> None:
    html = "<p>Een.</p><div>" * depth + "<p>Twee.</p><li>Drie</li>" + "</div>" * depth
    tree = document_fromstring(f"<body>{html}</body>")
    lines = list(tree.iter("p", "li"))
    sums = summed(lines)
    for box in tree.iter("div", "body"):
        inside = [line for line in lines if box in ancestors(line)]
        assert sums[box].shown == sum(len(line.text or "") for line in inside)
        assert sums[box].running == sum(len(line.text or "") for line in inside if line.tag == "p")


def test_what_is_learned_of_a_line_later_is_held_by_all_around_it() -> None:
    html = "<body><div><ul><li>Lees ook</li></ul></div><div><p>Een.</p></div></body>"
    tree = document_fromstring(html)
    first, second = tree.iter("div")
    sums = summed(list(tree.iter("p", "li")))
    sums.add(next(first.iter("li")), Held(linked=8, signposted=True))
    assert [sums[tree].linked, sums[first].linked, sums[second].linked] == [8, 8, 0]
    assert sums[first].signposted
    assert not sums[second].signposted
