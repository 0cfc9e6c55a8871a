from .console_config import ConsoleConfig as ConsoleConfig
