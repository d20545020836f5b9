"""What batchtx knows of English."""
