"""The code sets: which codes exist, on which day, with which notes."""
