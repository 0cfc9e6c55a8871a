"""The routes of all pages for people."""

from __future__ import annotations

from starlette.routing import Route

from monitor.web.drafts import BacktestPage, RuleEditor, Trials
from monitor.web.pages.delivery_pages import DeliveryPages
from monitor.web.pages.desk_pages import DeskPages
from monitor.web.pages.frame import Frame
from monitor.web.pages.review_page import ReviewPage
from monitor.web.pages.search_page import SearchPage
from monitor.web.pages.silence_pages import SilencePages
from monitor.web.pages.single_pages import RulePage, SourcePage
from monitor.web.pages.story_marking import StoryMarking
from monitor.web.pages.story_pages import StoryPages
from monitor.web.pages.trends_page import TrendsPage
from monitor.web.papers import PaperPages


def page_routes(frame: Frame) -> list[Route]:
    """Every page, with its route."""
    trials = Trials(frame.context, frame.parts.closing)
    pages = (
        StoryPages(frame),
        SearchPage(frame),
        RuleEditor(frame, trials),
        BacktestPage(frame, trials),
        DeskPages(frame),
        TrendsPage(frame),
        DeliveryPages(frame),
        SourcePage(frame),
        SilencePages(frame),
        StoryMarking(frame),
        RulePage(frame),
        ReviewPage(frame),
        PaperPages(frame),
    )
    return [route for each in pages for route in each.routes()]
