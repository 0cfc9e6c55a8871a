from .answers import Api as Api
