"""`python -m tests.serve`: a PostgreSQL and a backend for the browser's tests, until the standard input ends.

The backend's URL goes out first. Lines come in, and `done` goes out after each: `stop database`, `start database`,
`kill backend`, whose successor has its port.
"""

import sys

from tests.backend import Backend
from tests.postgres import PostgresServer


def serve() -> None:
    postgres = PostgresServer()
    try:
        postgres.start()
        environment = {"DATABASE_URL": postgres.url(postgres.new_database(), "?ssl=require")}
        backend = Backend(environment).is_ready()
        print(f"http://127.0.0.1:{backend.port}", flush=True)
        for line in sys.stdin:
            match line.strip():
                case "stop database":
                    postgres.stop()
                case "start database":
                    postgres.start()
                case "kill backend":
                    backend.end()
                    backend = Backend(environment, port=backend.port).is_ready()
            print("done", flush=True)
        backend.end()
    finally:
        postgres.remove()


if __name__ == "__main__":
    serve()
