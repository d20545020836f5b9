"""Training: state, optimizer, losses, metrics, and the stages."""
