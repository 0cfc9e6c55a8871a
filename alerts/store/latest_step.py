"""The last step of the schema of the ledger: all that code needs which only reads."""

LATEST_ALERTS_STEP = "m022_deliveries_created"
