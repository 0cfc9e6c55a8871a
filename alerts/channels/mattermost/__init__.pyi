from .mattermost_config import MattermostConfig as MattermostConfig
