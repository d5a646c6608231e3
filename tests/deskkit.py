"""An instructor in front of the desk, over a folder of cases of their own."""

import re
from typing import Any

from flask import Flask
from webkit import Learner
from werkzeug.test import TestResponse

from sandbox.store import people


class Teacher(Learner):
    """One browser in which the instructor's link was used."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        link = f"/instructor/{people.new_link(app.extensions['sandbox'].store)}"
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(link).text)
        assert found
        self.token = found[1]
        assert self.send(link).status_code == 303

    def send(self, path: str, htmx: bool = False, **fields: Any) -> TestResponse:
        """Post a form of the desk; ``fields`` may be lists and files."""
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(path, data={"csrf_token": self.token, **fields}, headers=headers)
