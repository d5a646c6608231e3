"""Case files: what an author writes, and how it is read."""
