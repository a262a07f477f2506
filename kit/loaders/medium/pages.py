"""What Medium's feed, pages and account export share: numbers, names, and what stands in a document."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from kit.errors import InputError
from kit.loaders.files import Source
from kit.loaders.markup import Page, web_address
from kit.loaders.objects import RecordDict

_NUMBER = r"[0-9a-f]{8,16}"
_POST = re.compile(rf"https?://[^/?#\s]+/(?:[^?#\s]*[/-])?({_NUMBER})/?(?:[?#].*)?", re.ASCII)
_HANDLE = re.compile(r"https?://(?:[\w-]+\.)*medium\.com/@([\w.-]+)")
_OWN_SITE = re.compile(r"https?://([\w-]+)\.medium\.com(?:/|$|\?)")
_MENTION = re.compile(rf"https?://(?:www\.)?medium\.com/u/({_NUMBER})", re.ASCII)
_PIXEL = re.compile(r"https?://(?:[\w-]+\.)*medium\.com/_/stat\b")
_IMAGE = re.compile(r"https?://(?:cdn-images-\d+|miro|cdn-static-\d+)\.medium\.com/(?:[^?#]*/)?([^/?#]+)")
_OTHER_SITES = {"www", "help", "blog", "policy", "rsci", "link"}
PAGE_LIMIT = 16 * 1024 * 1024  # bytes of one page


def post_number(address: str | None) -> str | None:
    """The number of a post at the end of its address."""
    found = _POST.fullmatch(address.strip()) if address else None
    return found[1] if found else None


def handle_in(address: str | None) -> str | None:
    """The name of an account in an address of its page or posts."""
    if not address:
        return None
    if found := _HANDLE.match(address):
        return found[1]
    found = _OWN_SITE.match(address)
    return found[1] if found and found[1] not in _OTHER_SITES else None


def image(address: str, alt: str | None) -> RecordDict:
    """An image; Medium's own have a name that stays the same at every size."""
    found = _IMAGE.match(address)
    return {"media_id": found[1] if found else None, "kind": "image", "url": address, "alt_text": alt or None}


def contents(page: Page, warnings: Counter[str]) -> dict[str, Any]:
    """Links, mentions and images of a document; the image that only counts readers is none."""
    urls, mentions = dict[str, None](), dict[str, None]()
    for anchor in page.anchors:
        address = anchor["href"].strip()
        if found := _MENTION.match(address):
            mentions[found[1]] = None
        elif anchor.get("data-user-id"):
            mentions[anchor["data-user-id"]] = None
        elif not address.startswith("#") and (kept := web_address(address, warnings)):
            urls[kept] = None
    media = [
        image(one["src"].strip(), one.get("alt"))
        for one in page.images
        if not _PIXEL.match(one["src"]) and web_address(one["src"].strip(), warnings)
    ]
    return {
        "urls": [{"url": one, "expanded_url": None} for one in urls],
        "mentions": [{"account_id": one, "handle": None} for one in mentions],
        "media": media,
    }


def whole(source: Source) -> bytes:
    """All bytes of one page."""
    with source.open() as stream:
        parts, size = [], 0
        while block := stream.read(1 << 20):
            parts.append(block)
            size += len(block)
            if size > PAGE_LIMIT:
                raise InputError(f"a page of more than {PAGE_LIMIT:,} bytes", where=source.where())
    return b"".join(parts)
