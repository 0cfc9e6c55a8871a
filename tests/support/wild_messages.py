"""Messages of any kind, with texts that no receiver expects."""

from __future__ import annotations

from dataclasses import replace

import messages
from hypothesis import strategies as st

from alerts.alert import Change, Edit, EventKind, Notice, RuleRef
from alerts.match import Priority
from alerts.message import Entry, Message

TEXTS = st.text(max_size=400) | st.sampled_from(
    ["&" * 4000, "👩‍👩‍👧‍👦" * 700, "é" * 5000, "<!channel>" * 900, "a" * 14_000, "\x00\r\n\ud800"]
)
URLS = st.sampled_from(["https://nos.example/1", "https://x.example/" + "&" * 3500, "javascript:x"])


@st.composite
def wild_messages(draw: st.DrawFn) -> Message:
    outlets = draw(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=70))
    refs = tuple(messages.reference("X") for _ in outlets)
    refs = tuple(
        replace(ref, outlet=outlet, url=draw(URLS))
        for ref, outlet in zip(refs, outlets, strict=True)
    )
    stories = draw(st.integers(1, 60))
    told = []
    for number in range(stories):
        sentence = draw(TEXTS) + "kalifaat" + draw(TEXTS)
        change = Change(2, tuple(Edit("body", draw(TEXTS), draw(TEXTS)) for _ in range(3)))
        told.append(
            messages.alert(
                story=f"sty_{number}",
                rule=RuleRef("r", draw(TEXTS) or "r", draw(st.sampled_from(Priority))),
                article=messages.alerted(title=draw(TEXTS), url=draw(URLS)),
                quotes=(messages.quote(sentence=sentence),),
                change=draw(st.none() | st.just(change)),
            )
        )
    kind = draw(st.sampled_from([EventKind.STORY, EventKind.UPDATE, EventKind.DIGEST]))
    made = messages.message(*told, kind=kind)
    entries = tuple(Entry(entry.story, refs, entry.alerts) for entry in made.entries)
    notices = tuple(
        Notice(draw(TEXTS), (draw(TEXTS),) * 40) for _ in range(draw(st.integers(0, 2)))
    )
    return replace(made, entries=entries, notices=notices)
