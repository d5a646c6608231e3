"""A sandbox in which people practise medical coding on realistic charts."""

__version__ = "0.1.0"
