"""Stands in for the openai package where that is not installed: enough of it to run the snippets of our pages."""

import json
import os
import urllib.request
from types import SimpleNamespace


class OpenAI:
    def __init__(self, *, base_url=None, api_key=None):
        self._base_url = base_url or os.environ["OPENAI_BASE_URL"]
        self._api_key = api_key or os.environ["OPENAI_API_KEY"]
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._create_chat))

    def _create_chat(self, **body):
        headers = {"Authorization": f"Bearer {self._api_key}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self._base_url}/chat/completions", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer, object_hook=lambda fields: SimpleNamespace(**fields))
