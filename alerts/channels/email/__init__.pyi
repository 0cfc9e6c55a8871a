from .email_config import EmailConfig as EmailConfig
from .email_message import html_of as html_of
