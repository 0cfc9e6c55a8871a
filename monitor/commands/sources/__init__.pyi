from .sources import sources as sources
