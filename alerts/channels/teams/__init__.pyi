from .teams_config import TeamsConfig as TeamsConfig
