"""What batchtx knows of Chinese."""
