"""Training data: pairs, vocabulary, held-out sets, changes to pairs, word alignment, slices."""
