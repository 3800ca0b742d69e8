"""The load generator: reads a plan as JSON from standard input, sends it over keep-alive connections, prints what it saw.

A plan is a list of connections, each a list of {method, path, headers, body, save_cookie?, expect}.
"""

import http.client
import json
import resource
import sys
import threading
import time
from typing import Any


def run(port: int, requests: list[dict[str, Any]], times: list[float], errors: list[str], sizes: list[int]) -> None:
    """Send one connection's requests one after another."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for asked in requests:
        body = asked.get("body")
        begun = time.perf_counter()
        connection.request(asked["method"], asked["path"], body, asked.get("headers", {}))
        answer = connection.getresponse()
        content = answer.read()
        times.append((time.perf_counter() - begun) * 1000)
        sizes.append(len(content))
        if answer.status != asked.get("expect", 200):
            errors.append(f"{answer.status} {content[:200]!r}")
    connection.close()


def main() -> None:
    """Run the plan of standard input against the port of the command line."""
    plan = json.load(sys.stdin)
    times: list[float] = []
    errors: list[str] = []
    sizes: list[int] = []
    threads = [threading.Thread(target=run, args=(int(sys.argv[1]), requests, times, errors, sizes)) for requests in plan if requests]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    for error in errors[:3]:
        print(error, file=sys.stderr)
    size = sum(sizes) // max(1, len(sizes))
    print(json.dumps({"ms": times, "errors": len(errors), "seconds": seconds, "cpu_ms": (used.ru_utime + used.ru_stime) * 1000, "size": size}))


if __name__ == "__main__":
    main()
