from .discord_config import DiscordConfig as DiscordConfig
