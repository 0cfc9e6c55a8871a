from .check import check as check
from .crawl import crawl as crawl
from .deliver import deliver as deliver
from .demo import demo as demo
from .init import init as init
from .run import run as run
from .status import status as status
