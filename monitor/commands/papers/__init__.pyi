from .review import review as review
