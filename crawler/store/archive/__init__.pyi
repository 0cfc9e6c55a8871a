from .aliases import AliasStore as AliasStore
from .articles import ArticleStore as ArticleStore
from .erasing import (
    drop_articles as drop_articles,
    old_articles as old_articles,
)
from .forgetting import (
    forget_article as forget_article,
    forgotten_among as forgotten_among,
)
from .past_lookup import PastLookups as PastLookups
from .past_texts import move_past_texts as move_past_texts
from .readings import ReadingStore as ReadingStore
from .word_lookup import (
    Lookups as Lookups,
    Span as Span,
)
from .words import (
    PORTION as PORTION,
    TermStore as TermStore,
    create_term_tables as create_term_tables,
    keep_terms as keep_terms,
)
