from .slack_config import SlackConfig as SlackConfig
