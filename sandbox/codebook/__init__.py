"""The code books as somebody reads them: an entry with all that governs it, the index's terms, a procedure built."""
