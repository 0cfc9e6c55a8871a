"""Labelled articles, read from files, and how well a pack does on them.

A line is an article: `kalifaat sdf? | Title | Lead | Body`; the body may be missing. Before the
first bar stand the rules that should call, or `-` for an article on another subject. A rule with
`?` may call or not. An article of the subject may also call rules of normal priority that are not
named: it mentions in passing what they look for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scores import Score

from alerts.document import Document
from alerts.match import Priority
from alerts.rules.book import RuleBook

ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledArticle:
    """One article and the rules that it should call, or may call."""

    place: str
    document: Document
    rules: frozenset[str]
    open_rules: frozenset[str]

    @property
    def relevant(self) -> bool:
        return bool(self.rules | self.open_rules)

    def __str__(self) -> str:
        return f"{self.place}  {' | '.join(filter(None, self.document.texts))}"


def articles_of(paths: Iterable[Path]) -> list[LabelledArticle]:
    return [article for path in paths for article in _read(path)]


def bundled_articles() -> list[LabelledArticle]:
    return articles_of(sorted(ARTICLES.glob("*.txt")))


def _read(path: Path) -> Iterator[LabelledArticle]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        labels, title, lead, *body = line.split(" | ")
        named = {label for label in labels.split() if label != "-"}
        yield LabelledArticle(
            place=f"{path.name}:{number}",
            document=Document(title=title, lead=lead, body=" ".join(body)),
            rules=frozenset(label for label in named if not label.endswith("?")),
            open_rules=frozenset(label[:-1] for label in named if label.endswith("?")),
        )


def rule_scores(pack: RuleBook, articles: Iterable[LabelledArticle]) -> dict[str, Score]:
    """What each rule found, missed, and found without reason."""
    scores = {rule.id: Score(rule.id) for rule in pack.rules}
    high = {rule.id for rule in pack.rules if rule.priority is Priority.HIGH}
    for article in articles:
        called = {match.rule for match in pack.match(article.document)}
        for name in article.rules:
            score = scores[name]
            if name in called:
                score.right += 1
            else:
                score.missed.append(str(article))
        for name in called - article.rules - article.open_rules:
            if name in high or not article.relevant:
                scores[name].false.append(str(article))
    return scores


def falsely_called(pack: RuleBook, articles: Iterable[LabelledArticle]) -> list[str]:
    """The articles on another subject that call any rule."""
    return [str(each) for each in articles if not each.relevant and pack.match(each.document)]
