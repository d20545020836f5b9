"""What a worker does with a batch of segments."""
