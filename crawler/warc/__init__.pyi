from .http_response import (
    HttpResponse as HttpResponse,
    response_in as response_in,
)
from .record_reader import records_in as records_in
from .warc_record import (
    BEGINNING as BEGINNING,
    Damage as Damage,
    Position as Position,
    WarcRecord as WarcRecord,
)
