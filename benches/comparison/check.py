"""Whether a server answers every route as it should, looked at before it is measured."""

import http.client

# Method, path, body; then the expected body, and how its Content-Type begins.
EXCHANGES = [
    ("GET", "/plaintext", None, b"Hello, World!", "text/plain"),
    ("GET", "/health", None, b'{"status":"up"}', "application/json"),
    ("GET", "/users/42", None, b'{"user_id":"42"}', "application/json"),
    ("POST", "/echo", b"the same again", b"the same again", "application/octet-stream"),
    ("GET", "/sleep", None, b"slept", "text/plain"),
]


def check(port):
    """The header fields of its answer to /health, and its faults."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    fields, faults = [], []
    for method, path, sent, expected, kind in EXCHANGES:
        connection.request(method, path, sent, {"Content-Type": "application/octet-stream"} if sent else {})
        response = connection.getresponse()
        body = response.read()
        faults += [f"{method} {path}: {fault}" for fault in faults_of(response, body.strip(), expected, kind)]
        if path == "/health":
            fields = sorted(name.lower() for name, _ in response.getheaders())
    connection.close()
    return fields, faults


def faults_of(response, body, expected, kind):
    """A JSON body may end in a line feed; everything else must be as expected."""
    media_type = response.getheader("Content-Type") or "none"
    if response.status != 200:
        yield f"expected status 200, found {response.status}"
    if body != expected:
        yield f"expected the body {expected!r}, found {body!r}"
    if not media_type.startswith(kind):
        yield f"expected the Content-Type {kind}, found {media_type}"
    for name in ("Date", "Content-Length"):
        if not response.getheader(name):
            yield f"expected a field {name}, found none"
