"""Training stages: each one visible loop."""
