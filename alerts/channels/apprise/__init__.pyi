from .apprise_config import AppriseConfig as AppriseConfig
