from .evidence import evidence as evidence
from .export import export as export
from .forget import forget as forget
from .search import search as search
from .show import show as show
from .sql import sql as sql
from .stats import stats as stats
