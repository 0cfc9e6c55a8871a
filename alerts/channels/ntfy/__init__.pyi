from .ntfy_config import NtfyConfig as NtfyConfig
