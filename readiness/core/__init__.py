"""The model and its arithmetic: NumPy and the standard library only."""
