"""People and their work, in ``sandbox.db``: one module per subject, one short write transaction per answer."""
