"""Are the answers right, and as often as they claim? Measured on known causes, or without any on resimulated ones."""
