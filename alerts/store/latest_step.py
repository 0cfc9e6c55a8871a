"""The last step of the schema of the ledger: all that code needs which only reads."""

LATEST_ALERTS_STEP = "m021_waves_by_match"
