from .exchange import (
    Asked as Asked,
    Request as Request,
    ServedAnswer as ServedAnswer,
)
from .service import (
    QuietServer as QuietServer,
    Service as Service,
)
from .web import WebServer as WebServer
