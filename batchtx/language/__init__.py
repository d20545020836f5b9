"""What batchtx knows of languages: a room for each."""
