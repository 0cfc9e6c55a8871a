"""The title of a page's article, chosen from the several that a page gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.pages.texts.boilerplate import is_boilerplate
from crawler.text.comparable import comparable
from crawler.text.sentences import sentence_spans

_MARKS = "\u2013\u2014\u2015·•⋅»\u203a«\u2039~/<>→:-"  # dashes, dots and arrows of any length
_BETWEEN = rf"(?:\s+[|¦{_MARKS}]+\s+|\s*[|¦]\s*)"
_SEPARATOR = re.compile(_BETWEEN)
_NAME_BEFORE = re.compile(rf"([^|:]{{2,40}}?)(?:{_BETWEEN}|\s*:\s+)")
_NAME_BEHIND = re.compile(
    rf"(?:{_BETWEEN}|:\s+)[^|]{{2,40}}(?:\|[^|]{{2,40}})?$|\s*[(\[][^()\[\]]{{2,40}}[)\]]$"
)
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]$")
# The section behind a headline and a stroke, which no headline has in it. Behind a dash stand names
# of places and parties too: "Nederland - België".
_DESK = (
    r"(?:(?:binnen|buiten)lands?(?: nieuws)?|algemeen|politiek|economie|regio(?:naal)?|nieuws"
    r"|achtergrond|opinie|cultuur|wetenschap|tech|sport|media|justitie|misdaad|veiligheid)"
)
_SECTION = re.compile(
    rf"(?:\s*[|¦]\s*(?:{_DESK}(?:(?:,| en| &) {_DESK})*|wereld|europa|nederland|belgië|vlaanderen"
    r"|(?:het )?laatste nieuws|midden-oosten|international|monde|politique|société"
    r"|ausland|inland|politik|panorama|world(?: news)?|news|politics|europe|middle east)"
    rf"|\s+[{_MARKS}]+\s+(?-i:(?=[A-Z])){_DESK})+$",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"^www\.|\.(?:nl|be|com|eu|org|net|fr|de)$", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:update|liveblog|live|video|exclusief|breaking|opinie|analyse|interview|column|reportage"
    r"|achtergrond|podcast|premium|commentaar|recensie|in beeld|nieuws) ?"
    r"(?-i:(?=[A-Z„“‘][A-Za-z]))",
    re.IGNORECASE,
)
# Before these, which are no part of a longer word, more labels can be told from a headline.
_ACRONYM = r"(?-i:(?=(?:IS|ISIS|SDF|YPG|PKK|HTS|VN|NAVO|EU|VS|OM|AIVD|NCTV|MIVD|IND|KMar)\b))"
_MORE_LABELS = re.compile(
    r"(?:update|liveblog|live|video|premium|nieuws|plus|fotoserie|foto['’]?s|foto|essay|uitleg|blog"
    r"|reconstructie|explainer|longread|factcheck|kort|dossier|profiel|portret|onderzoek|buitenland"
    rf"|binnenland|net binnen|exclusief|breaking|opinie|analyse|112){_ACRONYM}",
    re.IGNORECASE,
)
_GLUE = re.compile(r"[\w|+★•]$")  # and no quotation mark, which belongs to the headline
_LONGEST_GLUED = 30  # characters; chosen: of a label before a headline that is known
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_CUT = re.compile(r"\s*(?:\.\.\.|…)\s*$")
_TELLING = 20  # chosen: characters from which an equal beginning makes two titles one
_LONGEST_MADE = 120  # characters; chosen: a long headline
_LOOKED_AT = 1_000  # characters; chosen: far more than a first sentence has
_NO_ARTICLE = re.compile(
    r"(?:error |fout )?40[34](?:\W*(?:error|fout|niet|not|pagina|page|verboden|forbidden)\b.*)?"
    r"|(?:deze )?pagina (?:is )?(?:niet|bestaat niet)\b.*|(?:page )?not found.*|niet gevonden"
    r"|(?:helaas|oeps|sorry)\W+(?:er (?:is|ging) iets|(?:deze |de )?pagina|we kunnen)\b.*|oeps\W*"
    r"|access denied.*|just a moment.*|inloggen|log in|cookies?(?:[ -]?wall)?",
    re.IGNORECASE,
)


def title_of(  # noqa: PLR0913  (what is known of a title, by name)
    told: Iterable[str],
    *,
    heading: str,
    window: str,
    names: Iterable[str],
    fed: str = "",
    sections: Iterable[str | None] = (),
) -> str:
    """The title: the first one in `told`, else the main heading, else the feed's or the window's.

    One of the outlet's `names` before or behind it is removed, and so is any other name if the
    feed's or the page's heading lacks it. A title that was cut short is completed by the heading. A
    label that is glued to it is cut off from it. If heading and feed agree on another, it is that.
    If no two of these are one, but the window's title and the feed's are, it is the feed's. The
    name of one of the article's `sections` goes behind a stroke.
    """
    site = {_name(name) for name in names if name}
    first = next(filter(None, (_without_site(title, site) for title in told)), "")
    own, given = _without_site(heading, site), _without_site(fed, site)
    for witness in filter(None, (given, own)):
        first = _as_known(first, witness)
    alone = own and not same_title(first, own) and not same_title(first, given)
    if alone and _two_agree(_without_site(window, site), given, own):
        return apart(given, (*told, heading))
    if own and first:
        better = _is_cut(first, own) or _begins(first, own) or _two_agree(own, fed, first)
        title = own if better else first
    else:
        shown = _without_site(window, site)
        if given and not same_title(shown, given) and not is_no_article(shown):
            shown = given
        title = first or own or shown or heading or window
    return apart(_without_section(title, sections), (*told, heading, fed))


def _without_section(title: str, sections: Iterable[str | None]) -> str:
    headline, stroke, label = title.rpartition("|")
    named = stroke and _letters(label) in {_letters(one) for one in sections if one}
    return headline.rstrip() if named and len(headline) >= _TELLING else title


def _two_agree(one: str, other: str, third: str) -> bool:
    """Whether two titles are one, and the third is another; JSON-LD may be of another article."""
    return same_title(one, other) and not same_title(third, other)


def apart(title: str, others: Iterable[str] = ()) -> str:
    """The title with a space behind a label that is glued to it: "UpdateLeger trekt zich terug".

    If another title is the same without the label, it is that one. The name of a section behind it
    goes, if a stroke or dash stands between: "Leger trekt zich terug | Buitenland".
    """
    bare = _SECTION.sub("", title)
    title = bare if len(bare) >= _TELLING else title
    for other in filter(_is_telling, others):
        glued = title.removesuffix(other)
        if len(glued) < min(_LONGEST_GLUED, len(title)) and _GLUE.search(glued):
            return other
    label = _MORE_LABELS.match(title) or _LABEL.match(title)
    if label is None or _is_one_word(label):
        return title
    rest = title[label.end() :]
    if any(_letters(other) == _letters(rest) for other in others):
        return rest
    return title if label[0].endswith(" ") else f"{label[0]} {rest}"


def _is_telling(title: str) -> bool:
    return len(title) >= _TELLING and not title[0].islower()


def _is_one_word(label: re.Match[str]) -> bool:
    """Whether a label in capitals is the beginning of a word: LIVERPOOL."""
    if label.re is _MORE_LABELS or not label[0].isupper():
        return False
    return label.string[label.end() :][:2].isupper()


def _letters(text: str) -> str:
    return "".join(comparable(text).lower().split())


def _as_known(title: str, witness: str) -> str:
    """The witness, if the title is the same with a name before or behind it."""
    at = title.find(witness)
    if at < 0 or title == witness or len(witness) < _TELLING:
        return title
    before, behind = title[:at], title[at + len(witness) :]
    parted = (not before or _NAME_BEFORE.match(before)) and (
        not behind or _NAME_BEHIND.match(behind)
    )
    return witness if parted else title


def title_from(text: str) -> str:
    """A title for a text that has none: its first sentence, cut between words if that is long.

    Addresses in the text, as posts of social media have them, are left out, and so is a line above
    it that says who made a picture.
    """
    blocks = text[:_LOOKED_AT].split("\n\n")
    line = " ".join(
        next((one for one in blocks if not is_boilerplate(one)), text[:_LOOKED_AT]).split()
    )
    line = " ".join(_ADDRESS.sub(" ", line).split()) or line  # unless there is nothing else
    ends = [end for _, end in sentence_spans(line)]
    title = line[: next((end for end in ends if end >= _TELLING), len(line))]
    if len(title) <= _LONGEST_MADE:
        return title
    return title[:_LONGEST_MADE].rpartition(" ")[0].rstrip(" ,;:-") + "…"


def _without_site(title: str, site: set[str]) -> str:
    """The title without a name of the site behind or before it; "" if it is nothing else."""
    if _name(title) in site:
        return ""
    *words, last = _SEPARATOR.split(title)
    if words and _name(last) in site:
        title = title[: title.rindex(last)].rstrip(f" |¦{_MARKS}")
    bracketed = _IN_BRACKETS.search(title)
    if bracketed and _name(bracketed[1]) in site:
        title = title[: bracketed.start()]
    before = _NAME_BEFORE.match(title)
    if before and _name(before[1]) in site:
        title = title[before.end() :]
    return title


def _name(text: str) -> str:
    """The name of a site in letters, without what not all spell: "De Bode" and "bode.nl"."""
    letters = _letters(_DOMAIN.sub("", text.strip()))
    return re.sub("^(?:de|het|the)(?=.{3})", "", letters)


def _is_cut(title: str, heading: str) -> bool:
    start = _CUT.sub("", title)
    return start != title and heading.startswith(start)


def _begins(title: str, heading: str) -> bool:
    """Whether the title is the heading followed by something about the site."""
    rest = title.removeprefix(heading)
    return rest != title and _SEPARATOR.match(rest) is not None


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for typography, a cut, or what a site adds at the end."""
    first, second = sorted(
        (_CUT.sub("", comparable(text)).lower() for text in (one, other)), key=len
    )
    if len(first) < _TELLING:
        return bool(first) and first == second
    return second.startswith(first)


def is_no_article(title: str) -> bool:
    """Whether the title says that there is no article: "Pagina niet gevonden"."""
    return _NO_ARTICLE.fullmatch(title) is not None
