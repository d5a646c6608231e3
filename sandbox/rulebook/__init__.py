"""The rules as a book to read: their pages taken apart, found by words and codes, and set beside each other.

Everything here is read off the rules themselves, so that nothing has to be kept up by hand.
"""
