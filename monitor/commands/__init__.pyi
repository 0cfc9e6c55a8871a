from .options import MomentType as MomentType
