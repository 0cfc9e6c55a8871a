"""Rules written on the page: the editor with its preview, and saving."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import field, replace
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.rules import (
    CheckedRule,
    Rule,
    RuleDraft,
    RuleException,
    RuleFault,
    rule_text,
    table_in,
)
from crawler.errors import ConfigError, ConfigFaults, FileChangedError, HandEditError
from crawler.faults import worded
from crawler.frozen import dataclass
from crawler.model import Article
from crawler.store import ArticleStore, Connection
from monitor.web.drafts.draft_form import (
    SPARE_FIELDS,
    DraftForm,
    fits_form,
    form_faults,
    form_sent,
    id_for,
)
from monitor.web.drafts.preview import NewestArticles, Preview, found_row
from monitor.web.drafts.rule_desk import RuleDesk, SavedRules
from monitor.web.drafts.trial import Trials
from monitor.web.drafts.unwanted_article import is_found, unwanted
from monitor.web.making import LONGEST_FIELD, ChangeError, Done, SentForm, fields_of
from monitor.web.pages import Frame

log = logging.getLogger(__name__)

# Seconds for both searches of a preview; the rest of a part's second is for what stands around.
_SECONDS = 0.8
STARTERS = ("name", "subject", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorView:
    """What the editor shows beside the form itself."""

    form: DraftForm
    faults: dict[str, list[RuleFault]] = field(default_factory=dict)
    rule: Rule | None = None
    preview: Preview | None = None
    is_slow: bool = False
    is_still_found: bool | None = None
    refused: Sequence[str] = ()
    by_hand: str = ""
    theirs: str | None = None
    ways: Sequence[RuleException] = ()

    @property
    def query_pieces(self) -> tuple[str, str, str]:
        """The query before its fault, the word at fault, and the rest; empty without a fault."""
        column = next((each.column for each in self.faults.get("query", []) if each.column), 0)
        text = self.form.draft.query
        if not column:
            return "", "", ""
        rest = text[column - 1 :]
        length = len(rest.split(maxsplit=1)[0]) if rest[:1].strip() else 1
        return text[: column - 1], rest[:length], rest[length:]


class RuleEditor:
    """`/rules/new` and `/rules/ID/edit`."""

    def __init__(self, frame: Frame, trials: Trials) -> None:
        self._frame, self._context, self._trials = frame, frame.context, trials
        self._part, self._changes = frame.parts.room.part, frame.parts.changes
        self._paper, self._said = frame.parts.paper, frame.parts.paper.said

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/rules/new", self.new, methods=["GET"]),
            self._changes.route("/rules/new", self.sent),
            Route("/rules/{rule}/edit", self.edit, methods=["GET"]),
            self._changes.route("/rules/{rule}/edit", self.sent),
        ]

    def _desk(self) -> RuleDesk:
        return RuleDesk(self._context, self._frame.rules())

    async def new(self, request: Request) -> Response:
        """The form for a new rule, perhaps with a query to begin with."""
        if not self._changes.allowed(request):
            return self._closed(request)
        desk, asked = self._desk(), request.query_params
        draft = RuleDraft(id="", query=asked.get("query", "")[:LONGEST_FIELD].strip())
        if (starter := asked.get("starter")) in STARTERS:
            draft = self._starter(starter)
        if desk.read.defaults.channels is None:
            draft = replace(draft, channels=tuple(desk.channels[:1]))
        try:
            form = DraftForm(draft=draft, is_new=True, seen=desk.version.digest)
            view = self._view(desk, form)
        except ConfigError as error:
            return self._unreadable(request, error)
        return self._page(request, desk, view)

    def _starter(self, name: str) -> RuleDraft:
        return RuleDraft(
            id="",
            name=self._said(f"starter.{name}_name"),
            query=self._said(f"starter.{name}_query"),
            must_match=(self._said(f"starter.{name}_yes"),),
            must_not_match=(self._said(f"starter.{name}_no"),),
        )

    async def edit(self, request: Request) -> Response:
        """The form for a rule; with `article` also the example and exception that it calls for."""
        if not self._changes.allowed(request):
            return self._closed(request)
        desk, asked = self._desk(), request.query_params
        try:
            draft = desk.draft(request.path_params["rule"])
            if draft is None:
                return self._frame.missing(request)
            form = DraftForm(
                draft=draft, seen=desk.version.digest, article=asked.get("article", "")
            )
            form, ways = self._with_exception(desk, form, asked.get("way", ""))
            view = self._view(desk, form)
        except ConfigError as error:
            return self._unreadable(request, error)
        return self._page(request, desk, replace(view, ways=ways))

    def _with_exception(
        self, desk: RuleDesk, form: DraftForm, way: str
    ) -> tuple[DraftForm, Sequence[RuleException]]:
        """The form with the passage of its article as an example, and the ways to leave it out."""
        article, book = self._article(form.article), desk.read.book
        if article is None or form.draft.id not in book:
            return replace(form, article=""), ()
        found = unwanted(book[form.draft.id], desk.concepts, article)
        if found is None:
            return form, ()
        ways = found.ways
        examples = tuple(dict.fromkeys([*form.draft.must_not_match, found.passage]))
        draft = replace(form.draft, must_not_match=examples)
        if ways:
            chosen = int(way) if way.isdecimal() and int(way[:4]) < len(ways) else 0
            draft = replace(draft, query=ways[chosen].query)
        return replace(form, draft=draft), ways

    def _article(self, name: str) -> Article | None:
        return self._part(lambda db: ArticleStore(db).article(name)) if name else None

    async def sent(self, sent: SentForm) -> Done | Response:
        """What somebody sent: to be tried, to be tried on the whole archive, or to be saved."""
        rule_id, desk = str(sent.request.path_params.get("rule", "")), self._desk()
        try:
            held = desk.draft(rule_id) if rule_id else None
            form = form_sent(await fields_of(sent.request), rule_id, held)
            if form.do == "save":
                return await self._save(sent, desk, form)
            view = self._view(desk, form)
        except ConfigError as error:
            return self._unreadable(sent.request, error)
        if form.do == "backtest" and view.rule and not view.faults.get("query"):
            if self._trials.start(view.rule, self._held(desk, view.rule), form, sent.user):
                return RedirectResponse("/backtest", HTTPStatus.SEE_OTHER)
            view = replace(view, refused=[self._said("backtest.busy")])
            return self._page(sent.request, desk, view, HTTPStatus.CONFLICT)
        if form.do == "preview":
            return self._fragment(sent.request, desk, view)
        return self._page(sent.request, desk, view)

    async def _save(self, sent: SentForm, desk: RuleDesk, form: DraftForm) -> Done | Response:
        draft = self._named(desk, form.draft)
        view = self._view(desk, form)
        if view.faults:
            return self._page(sent.request, desk, view, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            saved = await asyncio.to_thread(desk.save, draft, form.seen)
        except FileChangedError:
            fresh = self._desk()
            theirs = table_in(fresh.version.text, draft.id)
            seen = replace(form, seen=fresh.version.digest)
            view = replace(view, form=seen, theirs=theirs)
            return self._page(sent.request, fresh, view, HTTPStatus.CONFLICT)
        except HandEditError as error:
            view = replace(view, by_hand=worded(error.fault, self._paper.language))
            return self._page(sent.request, desk, view, HTTPStatus.CONFLICT)
        except ConfigFaults as error:
            view = replace(view, refused=self._paper.faults(error))
            return self._page(sent.request, desk, view, HTTPStatus.UNPROCESSABLE_ENTITY)
        log.info("page rule saved rule=%s user=%s", draft.id, sent.user)
        return Done(
            "editor.saved",
            lambda: self._put_back(desk, saved),
            {"rule": draft.name or draft.id},
            # Undoing leads back to this page, where a new rule is gone then.
            f"/rules#{draft.id}" if form.is_new else f"/rules/{draft.id}",
        )

    async def _put_back(self, desk: RuleDesk, saved: SavedRules) -> None:
        try:
            await asyncio.to_thread(desk.put_back, saved)
        except ConfigError as error:
            raise ChangeError("editor.changed_since") from error

    def _named(self, desk: RuleDesk, draft: RuleDraft) -> RuleDraft:
        return draft if draft.id else replace(draft, id=id_for(draft, desk.ids))

    def _held(self, desk: RuleDesk, draft: Rule) -> Rule | None:
        """The rule in force, if the draft is another one."""
        held = next((rule for rule in desk.read.book.rules if rule.id == draft.id), None)
        return held if held and held.hash != draft.hash else None

    def _view(self, desk: RuleDesk, form: DraftForm) -> EditorView:
        """The form with its faults, and what its rule would find."""
        if not form.draft.query and not form.do:
            return EditorView(form=form)
        draft = self._named(desk, form.draft)
        taken = desk.ids if form.is_new else frozenset[str]()
        checked = desk.checked(draft)
        faults: dict[str, list[RuleFault]] = {}
        for fault in (*form_faults(draft, self._said, taken=taken), *checked.faults):
            faults.setdefault(fault.key, []).append(fault)
        view = EditorView(form=form, faults=faults, rule=checked.rule)
        return self._tried(desk, view, checked)

    def _tried(self, desk: RuleDesk, view: EditorView, checked: CheckedRule) -> EditorView:
        rule, ends = checked.rule, time.monotonic() + _SECONDS
        if rule is None:
            return view
        held = self._held(desk, rule)

        def found(db: Connection) -> Preview:
            newest = NewestArticles(
                db=db,
                concepts=desk.concepts,
                now=self._context.now(),
                there_is_time=lambda: time.monotonic() < ends,
            )
            return newest.preview(rule, held)

        article, preview = self._article(view.form.article), self._part(found)
        still = is_found(rule, article) if article else None
        return replace(view, preview=preview, is_slow=preview is None, is_still_found=still)

    def _page(
        self, request: Request, desk: RuleDesk, view: EditorView, status: int = HTTPStatus.OK
    ) -> Response:
        values = self._values(desk, view)
        return self._frame.page(request, "rule_editor.html", here="rules", status=status, **values)

    def _fragment(self, request: Request, desk: RuleDesk, view: EditorView) -> Response:
        values = self._values(desk, view)
        return self._frame.parts.paper.page(request, "rule_preview.html", live=True, **values)

    def _values(self, desk: RuleDesk, view: EditorView) -> dict[str, Any]:
        draft = view.form.draft
        own = draft.channels or ()
        return {
            "view": view,
            "draft": draft,
            "channels": [*desk.channels, *(name for name in own if name not in desk.channels)],
            "defaults": desk.read.defaults.of(None, draft.section),
            "sections": sorted(desk.read.defaults.sections),
            "outlets": desk.outlets or [],
            "concepts": sorted(desk.concepts.names),
            "table": rule_text(self._named(desk, draft)) if view.by_hand or view.theirs else "",
            "too_large": not fits_form(draft),
            "spare": SPARE_FIELDS,
            "row_of": found_row,
        }

    def _closed(self, request: Request) -> Response:
        """The page for those who may only read."""
        values = {"why": "change.not_allowed", "back": "/rules"}
        paper, status = self._frame.parts.paper, HTTPStatus.FORBIDDEN
        return paper.page(request, "refused.html", status, **values)

    def _unreadable(self, request: Request, error: ConfigError) -> Response:
        """The page that says why no rule can be written here."""
        return self._frame.page(
            request,
            "rule_unreadable.html",
            here="rules",
            status=HTTPStatus.CONFLICT,
            faults=self._paper.faults(error),
        )
