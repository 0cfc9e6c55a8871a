from .open_page import page as page
from .page_access import web as web
from .serve import serve as serve
