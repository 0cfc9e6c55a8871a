from .email_config import EmailConfig as EmailConfig
