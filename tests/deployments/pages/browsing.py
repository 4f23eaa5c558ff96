"""Asking the page server for pages, without a network."""

import asyncio
import re
from urllib.parse import urljoin

from httpx import ASGITransport, AsyncClient, Response

from deployments.pages.app import make_app

ADDRESS = "http://127.0.0.1:8787"


def browse(path: str, method: str = "GET", address: str = ADDRESS) -> Response:
    """The answer of a server that is bound to loopback."""
    transport = ASGITransport(make_app("127.0.0.1"), raise_app_exceptions=False)

    async def ask() -> Response:
        async with AsyncClient(transport=transport, base_url=address) as client:
            return await client.request(method, path)

    return asyncio.run(ask())


def links(page: Response) -> set[str]:
    """The paths that a page's links lead to."""
    found = re.findall(r'href="([^"]+)"', page.text)
    wanted = {urljoin(str(page.url), link) for link in found if not link.startswith("data:")}
    return {url.removeprefix(ADDRESS) for url in wanted}
