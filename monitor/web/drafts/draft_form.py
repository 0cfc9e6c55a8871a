"""What the form of the rule editor holds, and what is read from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

from alerts.match import Priority
from alerts.rules import RuleDraft, RuleFault
from crawler.config import is_identifier
from crawler.faults import said as words
from crawler.frozen import dataclass
from monitor.web.making import LONGEST_FIELD

# Characters; chosen: it stands in the headline of a message.
_LONGEST_NAME = 200
_LONGEST_ID = 40
# Of examples, beside those that there are: where the form ends without script.
SPARE_FIELDS = 2
_MOST_EXAMPLES = 40
_PLACEHOLDER = "${"
# What a form sends for the channels of `[defaults]`.
DEFAULTS = "defaults"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """A draft in the form, with what the form was made from.

    `seen` tells the version of the file, `article` the article that the rule should not have found,
    `do` the button that was pressed.
    """

    draft: RuleDraft
    is_new: bool = False
    seen: str = ""
    article: str = ""
    do: str = ""


def form_sent(fields: Sequence[tuple[str, str]], rule_id: str, held: RuleDraft | None) -> DraftForm:
    """What somebody sent; values that only differ in white space are those of `held`."""
    one = dict(fields)

    def listed(name: str) -> tuple[str, ...]:
        given = (_plain(value) for key, value in fields if key == name)
        return tuple(value for value in given if value)

    def lines(name: str) -> tuple[str, ...]:
        given = (line.strip() for line in _plain(one.get(name, "")).split("\n"))
        return tuple(line for line in given if line)

    held_to = (held.channels if held else None) or ()
    priority = one.get("priority", "")
    draft = RuleDraft(
        id=rule_id or _plain(one.get("id", "")),
        name=" ".join(_plain(one.get("name", "")).split())[:_LONGEST_NAME],
        enabled=one.get("off") != "on",
        section=_plain(one.get("section", ""))[:_LONGEST_NAME],
        query=_query(_plain(one.get("query", "")), held),
        channels=None if one.get("to") == DEFAULTS else _in_order(listed("channel"), held_to),
        priority=priority if priority in set(Priority) else Priority.NORMAL.value,
        outlets=lines("outlets"),
        must_match=_kept(listed("must_match"), held.must_match if held else ()),
        must_not_match=_kept(listed("must_not_match"), held.must_not_match if held else ()),
        volume=held.volume if held else None,
    )
    return DraftForm(
        draft=draft,
        is_new=not rule_id,
        seen=one.get("seen", ""),
        article=one.get("article", ""),
        do=one.get("do", ""),
    )


def form_faults(
    draft: RuleDraft, said: Callable[[str], str], *, taken: Collection[str]
) -> list[RuleFault]:
    """What the form itself has against a draft; `taken` are ids that another rule has."""
    faults = []
    if not is_identifier(draft.id) or draft.id == "new":
        faults.append(RuleFault(key="id", fault=words(said("editor.id_form"))))
    elif draft.id in taken:
        faults.append(RuleFault(key="id", fault=words(said("editor.id_taken"))))
    for key, value in draft.values.items():
        if _PLACEHOLDER in repr(value):
            faults.append(RuleFault(key=key, fault=words(said("editor.placeholder"))))
    return faults


def id_for(draft: RuleDraft, taken: Collection[str]) -> str:
    """An id that no rule has yet, made of the name or the query."""
    folded = unicodedata.normalize("NFKD", draft.name or draft.query).casefold()
    plain = "-".join(re.findall(r"[a-z0-9]+", folded.encode("ascii", "ignore").decode()))
    base = plain[:_LONGEST_ID].strip("-") or "regel"
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 3))
    return next(name for name in names if name not in taken and name != "new")


def fits_form(draft: RuleDraft) -> bool:
    """Whether the form can hold this rule."""
    longest = max(map(len, (draft.query, *draft.must_match, *draft.must_not_match)))
    examples = len(draft.must_match) + len(draft.must_not_match)
    return longest <= LONGEST_FIELD and examples <= 2 * _MOST_EXAMPLES


def _plain(text: str) -> str:
    """The text as somebody meant it: without signs that cannot be seen, such as a null."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    ).strip()


def _query(given: str, held: RuleDraft | None) -> str:
    if held and held.query.strip() == given:
        return held.query
    return f"{given}\n" if "\n" in given else given


def _kept(given: Sequence[str], held: Sequence[str]) -> tuple[str, ...]:
    before = {" ".join(text.split()): text for text in held}
    return tuple(before.get(" ".join(text.split()), text) for text in given)


def _in_order(given: Collection[str], held: Sequence[str]) -> tuple[str, ...]:
    """The channels as the file has them, and then those that are new."""
    return (*(name for name in held if name in given), *(n for n in given if n not in held))
