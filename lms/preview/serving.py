"""Serving the preview on this machine alone."""

import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from lms.errors import Conflict, Invalid

HOST = "127.0.0.1"
HIGHEST_PORT = 65535


class Quiet(WSGIRequestHandler):
    """Logs nothing: pages ask several times a second."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def make_preview_server(app: Flask, port: int) -> BaseWSGIServer:
    """A server of threads at 127.0.0.1; port 0 takes a free one. Raises Conflict if something listens there already."""
    if not 0 <= port <= HIGHEST_PORT:
        raise Invalid("A port is a number from 0 to 65535.")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(64)
    except OSError as taken:
        listening.close()
        raise Conflict("Something listens on %(host)s:%(port)s already; give another port with --port.", host=HOST, port=port) from taken
    with listening:
        return make_server(HOST, port, app, threaded=True, request_handler=Quiet, fd=listening.fileno())
