"""The page server as a process: `python -m deployments.pages --host 127.0.0.1 --port 8787`."""

from argparse import ArgumentParser

from deployments.pages.serve import serve


def main() -> None:
    """Serve until told to stop."""
    parser = ArgumentParser(prog="driftloop pages")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    serve(given.host, given.port)


if __name__ == "__main__":
    main()
