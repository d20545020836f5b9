"""Speech to text with a Whisper model: what the page records becomes the text to translate."""
