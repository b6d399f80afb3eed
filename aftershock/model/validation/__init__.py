"""Is the answer right, and as often as it says? Measured on known causes, or without any on simulated ones."""
