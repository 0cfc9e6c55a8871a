from .alerts import alerts as alerts
