"""Each kind of fault has its words in each language, and no fault is told by its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

from alerts.faults import DeliveryFault, QueryFault, SettingFault, config_fault_in, config_note
from crawler.faults import (
    AddressReason,
    CrawlFault,
    Fault,
    FaultKind,
    FileFault,
    HealthFault,
    advice,
    advised,
    said,
    together,
    worded,
)
from crawler.faults.wording import FaultWords, words_of

LANGUAGES = ("en", "nl")
PACKAGES = {
    "crawler.faults": (CrawlFault, HealthFault, FileFault),
    "alerts.faults": (DeliveryFault, QueryFault, SettingFault),
}
CONFIGURATION = (FileFault, QueryFault, SettingFault)
KINDS = [kind for kinds in chain(*PACKAGES.values()) for kind in kinds]
SEARCHES = {"startswith", "endswith", "removeprefix", "find", "partition", "count"}
HOLD_FAULTS = {"cause", "detail", "error", "paused_for", "fault", "note", "reason", "what"}
MAYBE_WORDS = re.compile(rf"worded\(|\bstr\([^\n]*\b(?:{'|'.join(HOLD_FAULTS)})\)")
CONFIG_ERRORS = re.compile(r"(?:Config|Query|HandEdit|FileChanged)Error\(")
ROOT = Path(__file__).parents[3]


def any_of(kind: FaultKind) -> Fault:
    return kind(**{name: _any_value(name) for name in kind.parameters})


def _any_value(name: str) -> Fault | str | int | float:
    if name in {"cause", "first", "second"}:
        return CrawlFault.HTTP_STATUS(status=503)
    if name in {"told", "inside"}:
        return FileFault.NO_VALUE()
    numbers = {"silence", "usual", "seconds", "most", "length"}
    return 7200.0 if name in numbers else f"{{{name}}}"


def wrong_words(words: FaultWords, kinds: type[FaultKind]) -> Iterator[str]:
    """Yield what is wrong with the words of a language for these kinds."""
    for kind in kinds:
        sentence, advised = words.kinds.get(kind.value), words.advice.get(kind.value, "")
        if sentence is None:
            yield f"{kind} has no words"
        elif (named := names_in(sentence) | names_in(advised)) != set(kind.parameters):
            yield f"{kind} names {sorted(named)} and has {sorted(kind.parameters)}"


def names_in(sentence: str) -> set[str]:
    """The parameters that a sentence names."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_language_is_a_data_file(package: str) -> None:
    there = {path.name for path in files(package).iterdir() if path.name.endswith("toml")}

    assert there == {f"{language}.toml" for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_each_kind_has_words_with_exactly_its_parameters(package: str, language: str) -> None:
    words = words_of(package, language)

    assert [wrong for kinds in PACKAGES[package] for wrong in wrong_words(words, kinds)] == []
    assert set(words.kinds) == {kind.value for kind in chain(*PACKAGES[package])}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_can_be_told_with_its_parameters(kind: FaultKind, language: str) -> None:
    told = advised(any_of(kind), language)

    texts = [value for value in any_of(kind).values if isinstance(value, str)]
    assert all(text in told for text in texts)


def test_a_language_that_lacks_a_kind_or_names_a_wrong_parameter_is_found_out() -> None:
    words = words_of("crawler.faults", "en")
    kinds = dict(words.kinds) | {"http-status": "HTTP {code}"}
    del kinds["wall"]

    found = list(wrong_words(replace(words, kinds=kinds), CrawlFault))

    assert found == ["http-status names ['code'] and has ['status']", "wall has no words"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_why_an_address_may_not_be_reached_and_what_helps(language: str) -> None:
    words = words_of("crawler.faults", language)

    assert set(words.addresses) == {reason.value for reason in AddressReason}
    assert set(words.advice) <= set(words.kinds)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_language_gives_advice_about_the_same_faults(package: str) -> None:
    english, dutch = (words_of(package, language) for language in LANGUAGES)

    assert set(english.advice) == set(dutch.advice)


def test_no_dutch_sentence_about_the_configuration_is_the_english_one() -> None:
    the_same = [
        kind
        for package, kinds in PACKAGES.items()
        for kind in chain(*kinds)
        if type(kind) in CONFIGURATION
        and re.search("[a-z]{3}", re.sub(r"{.*?}", "", words_of(package, "en").kinds[kind]))
        and words_of(package, "en").kinds[kind] == words_of(package, "nl").kinds[kind]
    ]

    assert the_same == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if type(kind) in CONFIGURATION])
def test_a_fault_of_the_configuration_is_kept_as_a_line(kind: FaultKind) -> None:
    fault = FileFault.AT(place="rules.toml:3", told=any_of(kind))

    assert config_fault_in(config_note(fault)) == fault
    assert "\n" not in config_note(fault)


def test_a_line_of_an_older_version_or_one_that_was_cut_stays_as_it_is() -> None:
    fault = FileFault.AT(place="rules.toml:3", told=QueryFault.LONG(length=30_000, most=20_000))

    old = "rules.toml:7: no operator"
    assert worded(config_fault_in(old), "nl") == old
    assert config_note(fault, most=30) == str(fault)
    assert worded(config_fault_in(config_note(fault, most=200)), "nl") == (
        "rules.toml:3: de zoekvraag heeft 30.000 tekens, er worden er hooguit 20.000 gelezen: "
        "maak van delen ervan begrippen"
    )


def test_reasons_of_an_address_are_told_in_the_language_of_the_message() -> None:
    reason = f"{AddressReason.LOOPBACK}, {AddressReason.PRIVATE}"
    found = CrawlFault.FORBIDDEN(reason=reason)
    sent = DeliveryFault.FORBIDDEN(host="haak.example", reason=reason)

    said = "its address may not be reached: loopback, private network"
    assert str(found) == f"{said}; [network] allow opens a range"
    dutch = ": de eigen computer, een privénetwerk; [network] allow opent een reeks"
    assert worded(found, "nl").endswith(dutch)
    assert worded(sent, "nl").endswith(dutch)


def test_advice_is_given_in_a_language_or_not_at_all() -> None:
    assert advice(CrawlFault.NO_ANSWER(), "nl") == "probeer het later opnieuw"
    assert advice(CrawlFault.NO_TITLE(), "nl") == ""


@pytest.mark.parametrize(
    "fault",
    [
        HealthFault.FAILED(times=3, cause=CrawlFault.NO_ANSWER()),
        CrawlFault.SITEMAP(url="https://krant.example/1.xml", cause=CrawlFault.NO_ANSWER()),
        CrawlFault.BOTH(first=CrawlFault.TORN_ITEMS(), second=CrawlFault.NO_ANSWER()),
    ],
)
def test_what_helps_against_a_cause_helps_against_what_came_of_it(fault: Fault) -> None:
    assert advice(fault, "nl") == "probeer het later opnieuw"


def test_a_fault_inside_another_is_told_in_the_same_language() -> None:
    fault = HealthFault.NO_ANSWER_FOR(silence=3 * 86400.0, cause=CrawlFault.TIMEOUT())

    assert str(fault) == "no answer for 3 days: no complete answer in time"
    assert worded(fault, "nl") == "al 3 dagen geen antwoord: geen volledig antwoord binnen de tijd"


def test_numbers_are_written_as_the_language_does() -> None:
    fault = CrawlFault.CUT_ENTRIES(most=5000)

    assert str(fault) == "more than 5,000 entries: the newest are read"
    assert worded(fault, "nl") == "meer dan 5.000 stukken: de nieuwste zijn gelezen"


def test_what_somebody_else_said_stays_as_it_is_in_every_language() -> None:
    assert {worded(said("{kapot} 50%"), language) for language in LANGUAGES} == {"{kapot} 50%"}


@pytest.mark.parametrize(
    ("said", "dutch"),
    [
        ("No space left on device", "de schijf is vol"),
        (
            "No space left on device: /archief/2026-11-29.warc.gz",
            "de schijf is vol: /archief/2026-11-29.warc.gz",
        ),
        ("what nobody knows: really", "what nobody knows: really"),
    ],
)
def test_what_the_system_says_is_told_in_the_language_with_what_it_is_about(
    said: str, dutch: str
) -> None:
    assert worded(FileFault.SYSTEM_SAYS(said=said), "nl") == dutch


def test_a_kind_takes_its_own_parameters_and_no_others() -> None:
    with pytest.raises(TypeError, match="http-status takes"):
        CrawlFault.HTTP_STATUS(code=503)


def test_a_kind_without_words_is_told_by_its_name() -> None:
    words = replace(words_of("crawler.faults", "en"), kinds={})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.faults.wording.words_of", lambda *_: words)
        assert worded(CrawlFault.NO_TITLE(), "en") == "no-title"


def test_several_faults_are_told_together() -> None:
    assert together([None]) is None
    assert together([CrawlFault.NO_HTTP()]) == CrawlFault.NO_HTTP()
    assert str(together([said("a"), None, said("b"), said("c")])) == "a; b; c"


def test_no_code_looks_into_the_words_of_a_fault() -> None:
    looks = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for package in ("crawler", "alerts", "monitor")
        for path in (ROOT / package).rglob("*.py")
        if path != ROOT / "crawler/network/faults.py"  # what Scrapy and OpenSSL say
        if MAYBE_WORDS.search(text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if any(_is_words(part) for part in _looked_into(node))
    ]

    assert looks == []


def _looked_into(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Attribute) and node.attr in SEARCHES:
        return [node.value]
    return []


def _is_words(part: ast.expr) -> bool:
    """Whether this is `str(fault)`, `str(look.fault)`, `worded(fault, "en")` or the like."""
    if not (isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.args):
        return False
    name = ast.unparse(part.args[0]).rpartition(".")[2]
    return part.func.id == "worded" or (part.func.id == "str" and name in HOLD_FAULTS)


def test_no_page_gets_a_sentence_about_the_configuration_in_place_of_a_kind() -> None:
    english = {
        path.relative_to(ROOT).as_posix()
        for package in ("crawler", "alerts", "monitor/running", "monitor/web")
        for path in (ROOT / package).rglob("*.py")
        if CONFIG_ERRORS.search(text := path.read_text("utf-8"))
        and any(map(_is_sentence, ast.walk(ast.parse(text))))
    }

    # What these refuse is said by commands alone.
    assert english == {
        "alerts/rendering/phrases.py",
        "alerts/rules/file.py",
        "alerts/rules/trial_input.py",
        "crawler/sources/catalogue_file.py",
        "crawler/sources/opml.py",
    }


def _is_sentence(node: ast.AST) -> bool:
    """Whether this is `ConfigError("...")`, or one with a remedy of its own, or the like."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
        return False
    spelled = isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    remedy = any(keyword.arg == "remedy" for keyword in node.keywords)
    return bool(CONFIG_ERRORS.fullmatch(f"{node.func.id}(")) and (spelled or remedy)
