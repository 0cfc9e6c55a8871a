from .app import page_app as page_app
from .server import (
    PageServer as PageServer,
    PageState as PageState,
)
