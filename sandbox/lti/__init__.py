"""Schools' systems by LTI 1.3: the file that configures them, launches that are proved, and scores that go back.

Knows neither pages nor database. What needs PyLTI1p3 is imported by the first that needs it, so that a server without
the file carries none of it.
"""
