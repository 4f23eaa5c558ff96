"""The page server's process. What it answers is `deployments.pages.app`."""


def serve(host: str, port: int) -> None:
    """Answer on this address until told to stop.

    Raises:
        InvalidName: the store's address is unusable.
    """
    import uvicorn

    from deployments.pages.app import make_app
    from tasks.home import home

    home()  # an unusable address is refused now, not on every page
    uvicorn.run(make_app(host), host=host, port=port, log_level="warning", server_header=False)
