"""Review sheets: what a person gets to check, and the way back."""
