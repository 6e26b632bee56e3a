"""The program of the comparison on Flask, served by gunicorn: `gunicorn app:app`."""

import time

from flask import Flask, Response, request

app = Flask(__name__)
app.json.compact = True


@app.get("/plaintext")
def plaintext():
    return Response("Hello, World!", mimetype="text/plain")


@app.get("/health")
def health():
    return {"status": "up"}


@app.get("/users/<user_id>")
def user(user_id):
    return {"user_id": user_id}


@app.post("/echo")
def echo():
    return Response(request.get_data(), mimetype="application/octet-stream")


@app.get("/sleep")
def sleep():
    time.sleep(0.05)
    return Response("slept", mimetype="text/plain")
