from .import_articles import import_group as import_group
from .replay import replay as replay
