from .edition_store import (
    EditionStore as EditionStore,
    LastEdition as LastEdition,
    create_editions as create_editions,
)
