from .webhook_config import WebhookConfig as WebhookConfig
