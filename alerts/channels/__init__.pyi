from .email.email_message import html_of as html_of
from .kinds import (
    ChannelConfig as ChannelConfig,
    ChannelsFile as ChannelsFile,
    channel_of as channel_of,
)
