"""A quire-serve of a bench's own on one repository, and a logged-in reader's connection to it."""
import html
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
programs = os.environ.get("QUIRE_BIN", os.path.join(top, "build", "bin"))


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True, errors="surrogateescape").stdout


class Site:
    """The repository is only read; it is "it" on the site. A context manager: the server ends with it."""

    def __init__(self, repository):
        self.scratch = tempfile.mkdtemp()
        os.environ.update(HOME=self.scratch, GIT_CONFIG_NOSYSTEM="1")
        self.process, self.asked_at = None, 0
        root = os.path.join(self.scratch, "root")
        os.mkdir(root, 0o750)
        run(os.path.join(programs, "quire"), "--root", root, "init")
        self.bare = os.path.join(root, "repos", "it.git")
        run("git", "clone", "-q", "--bare", "--shared", repository, self.bare)
        run("git", "-C", self.bare, "commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
        log = os.path.join(self.scratch, "log")
        with open(log, "w") as errors:
            self.process = subprocess.Popen([os.path.join(programs, "quire-serve"), "--root", root, "--port", "0"], stderr=errors)
        while not (found := re.search(r"listening on (\S+):(\d+)", open(log).read())):
            if self.process.poll() is not None:
                sys.exit(open(log).read())
            time.sleep(0.01)
        self.connection = http.client.HTTPConnection(found[1], int(found[2]), timeout=60)
        self.headers = {"Quire-Proxy-Secret": open(os.path.join(root, "proxy-secret")).read().strip(), "Remote-User": "me"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.scratch)

    def begin(self, address):
        if time.monotonic() - self.asked_at > 10:
            self.connection.close()  # the server may have: it waits for half a minute only
        self.asked_at = time.monotonic()
        self.connection.request("GET", address.partition("#")[0], headers=self.headers)
        return self.connection.getresponse()

    def get(self, address):
        """Status, where it redirects to, and the page."""
        answer = self.begin(address)
        body = answer.read().decode(errors="replace")
        return answer.status, answer.headers.get("Location"), body

    def get_timed(self, address, mark):
        """The page, and after how many seconds `mark` was in it."""
        begin = time.perf_counter()
        answer = self.begin(address)
        body, seen = b"", None
        while piece := answer.read1(65536):
            body += piece
            if seen is None and mark in body:
                seen = time.perf_counter() - begin
        answer.close()
        if answer.status != 200:
            sys.exit(f"{address} is {answer.status}")
        return body.decode(errors="replace"), seen


def link_of(page, pattern):
    """The address in the link that the pattern describes; None: there is none."""
    found = re.search(pattern, page)
    return html.unescape(found[1]) if found else None


def quoted(path):
    """As a part of an address."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._~/") else
                   "".join(f"%{byte:02X}" for byte in c.encode(errors="surrogateescape")) for c in path)
