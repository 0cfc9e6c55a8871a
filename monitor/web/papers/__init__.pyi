from .paper_pages import PaperPages as PaperPages
