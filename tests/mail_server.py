"""A mail server that takes what it is given, for the tests of mail."""

from __future__ import annotations

import contextlib
import socketserver
import threading


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        answers = {"EHLO": "250-here\r\n250 8BITMIME", "MAIL": "250 ok", "QUIT": "221 bye"}
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self.server.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self._say("250 ok")
            elif verb == "RCPT":
                self.server.recipients.append(line)
                self._say("550 5.1.1 no such" if "nobody" in line else "250 ok")
            else:
                self._say(answers.get(verb, "502 no"))
            if verb == "QUIT":
                return

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextlib.contextmanager
def running():
    """A server without encryption on 127.0.0.1: ``port``, the mails ``taken`` and the lines of ``recipients``."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.taken, server.recipients, server.port = [], [], server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
