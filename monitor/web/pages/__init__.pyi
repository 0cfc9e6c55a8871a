from .delivery_pages import DeliveryPages as DeliveryPages
from .desk_pages import DeskPages as DeskPages
from .error_pages import ErrorPages as ErrorPages
from .frame import Frame as Frame
from .review_page import ReviewPage as ReviewPage
from .search_page import SearchPage as SearchPage
from .silence_pages import SilencePages as SilencePages
from .single_pages import (
    RulePage as RulePage,
    SourcePage as SourcePage,
)
from .story_marking import StoryMarking as StoryMarking
from .story_pages import StoryPages as StoryPages
from .trends_page import TrendsPage as TrendsPage
