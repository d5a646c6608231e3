"""The pages: ``create_app()`` and one module per audience."""

from sandbox.web.app import create_app

__all__ = ["create_app"]
