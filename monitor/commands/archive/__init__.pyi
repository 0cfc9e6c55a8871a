from .export import export as export
from .search import search as search
from .show import show as show
