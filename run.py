"""The coding sandbox: ``python run.py`` serves it on http://127.0.0.1:8000."""

from sandbox.cli import serve

if __name__ == "__main__":
    serve()
