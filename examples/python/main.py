"""Streams an answer and draws a picture with nothing but Python itself."""

import json
import os
import tempfile
import urllib.error
import urllib.request

URL = os.environ.get("ANURA_URL", "http://127.0.0.1:8484")
KEY = os.environ.get("ANURA_API_KEY", "")
MODEL = os.environ.get("ANURA_MODEL", "tadpole")


def post(path, body):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    return urllib.request.urlopen(urllib.request.Request(f"{URL}/api/v1{path}", json.dumps(body).encode(), headers))


def stream_chat(question):
    """Yields the text as it is made. An answer that was cut off raises: it would end without [DONE]."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": question}], "temperature": 0, "stream": True}
    with post("/chat/completions", body) as answer:
        for line in answer:
            data = line.decode().removeprefix("data:").strip()
            if data == "[DONE]":
                return
            if not data:
                continue
            event = json.loads(data)
            if "error" in event:
                raise RuntimeError(event["error"]["message"])
            yield event["choices"][0]["delta"].get("content") or ""
    raise RuntimeError("The stream was cut off.")


text = ""
for piece in stream_chat("What is the capital of France?"):
    print(piece, end="", flush=True)
    text += piece
print()
assert "Paris" in text, text

with post("/image/generate", {"model": "tadpole-image", "prompt": "a frog at night"}) as answer:
    picture = answer.read()
    job = answer.headers["Job-Offer-Id"]
assert picture.startswith(b"\x89PNG"), picture[:80]
file = os.path.join(tempfile.mkdtemp(), "frog.png")
with open(file, "wb") as out:
    out.write(picture)
print(f"saved {file}: {len(picture)} bytes, job {job}")

try:
    post("/chat/completions", {"model": "no-such-model", "messages": [{"role": "user", "content": "Hello"}]})
    raise SystemExit("A model that is not there should be refused.")
except urllib.error.HTTPError as refusal:
    error = json.load(refusal)["error"]
    print(f"{refusal.status} {error['code']}: {error['message']}")
