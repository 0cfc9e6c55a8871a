from .content import (
    Content as Content,
    ListingKind as ListingKind,
    Outlet as Outlet,
)
from .newsroom import Newsroom as Newsroom
