from .telegram_config import TelegramConfig as TelegramConfig
