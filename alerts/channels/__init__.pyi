from .kinds import (
    ChannelConfig as ChannelConfig,
    ChannelsFile as ChannelsFile,
    channel_of as channel_of,
)
