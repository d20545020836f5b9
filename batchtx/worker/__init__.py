"""The worker's side of a run: a batch of segments in, their targets out."""
