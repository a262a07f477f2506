"""Addresses of media: the same item under its several addresses, and the platform that hosts it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

#: host, or its end, -> the platform that serves it
HOSTS = {
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "ytimg.com": "youtube",
    "googlevideo.com": "youtube",
    "youtube-nocookie.com": "youtube",
    "twimg.com": "x",
    "twitter.com": "x",
    "x.com": "x",
    "fbcdn.net": "facebook",
    "facebook.com": "facebook",
    "fb.watch": "facebook",
    "cdninstagram.com": "instagram",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "tiktokcdn.com": "tiktok",
    "redd.it": "reddit",
    "redditmedia.com": "reddit",
    "licdn.com": "linkedin",
    "telesco.pe": "telegram",
    "t.me": "telegram",
    "bsky.app": "bluesky",
    "truthsocial.com": "truthsocial",
    "sinaimg.cn": "weibo",
    "discordapp.com": "discord",
    "discordapp.net": "discord",
}
_YOUTUBE = re.compile(r"^/(?:shorts|embed|live|v)/([\w-]{11})(?:/|$)")
_TIKTOK = re.compile(r"^/@[^/]+/video/(\d+)/?$")
#: platform -> identifiers of its videos, which stand in their addresses too
VIDEO_IDS = {"youtube": re.compile(r"[\w-]{11}"), "tiktok": re.compile(r"\d{5,}")}
#: addresses in a post's links that are a hosted video, and no page
_VIDEOS = (
    ("youtube", re.compile(r"^youtube:[\w-]{11}$")),
    ("tiktok", re.compile(r"^tiktok:\d+$")),
    ("facebook", re.compile(r"^facebook\.com/(?:watch/?\?v=\d+|reel/\d+|[^/]+/videos/(?:[^/]+/)?\d+)$")),
    ("facebook", re.compile(r"^fb\.watch/[\w-]+$")),
    ("instagram", re.compile(r"^instagram\.com/(?:reel|tv)/[\w-]+$")),
    (
        "web",
        re.compile(
            r"^(?:vimeo\.com/\d+|dailymotion\.com/video/\w+|rumble\.com/v[\w.-]+|streamable\.com/\w+)$"
        ),
    ),
)
#: parts of a query that sign, size or track, and do not say which item it is
_PASSING = re.compile(
    r"^(utm_\w+|fbclid|gclid|igshid|igsh|si|s|t|feature|ref\w*|app|pp|list|index|start|name|format|oh|oe|stp|ccb|efg|edm"
    r"|_nc_\w+|tp|expires?|signature|sig|token|x-amz-\w+|x-expires|x-signature|ex|is|hm|width|height|quality)$",
    re.IGNORECASE,
)
_ENDINGS = (
    dict.fromkeys(("jpg", "jpeg", "png", "webp", "avif", "heic", "bmp"), "image")
    | dict.fromkeys(("mp4", "m4v", "mov", "webm", "mkv", "avi", "flv", "m3u8"), "video")
    | dict.fromkeys(("mp3", "m4a", "ogg", "opus", "wav", "flac", "aac"), "audio")
    | {"gif": "animation"}
)
#: serving hosts that give the same file under many names
_SERVED = re.compile(r"(?:^|\.)(fbcdn\.net|cdninstagram\.com|googlevideo\.com|tiktokcdn\.com)$")


def canonical(address: str, passing: re.Pattern[str] = _PASSING) -> str | None:
    """One way of writing an address of the web, without the parts of the query called `passing`; else None."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
        query = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    if video := _youtube(host, parts.path, dict(query)):
        return f"youtube:{video}"
    if host == "tiktok.com" and (found := _TIKTOK.match(parts.path)):
        return f"tiktok:{found.group(1)}"
    if served := _SERVED.search(host):
        host = served.group(1)
    kept = urlencode(sorted((k, v) for k, v in query if not passing.match(k)))
    return host + (parts.path.rstrip("/") or "/") + (f"?{kept}" if kept else "")


def _youtube(host: str, path: str, query: dict[str, str]) -> str | None:
    """The eleven letters of a video."""
    if host == "youtu.be":
        video = path[1:12]
    elif host in ("youtube.com", "youtube-nocookie.com", "music.youtube.com"):
        short = _YOUTUBE.match(path)
        video = short.group(1) if short else query.get("v", "") if path == "/watch" else ""
    else:
        return None
    return video if re.fullmatch(r"[\w-]{11}", video) else None


def item(platform: str, word: str) -> str:
    """A text for the item that an export calls `word`: its address, or its identifier on its platform."""
    address = canonical(word)
    if address is None and platform in VIDEO_IDS and VIDEO_IDS[platform].fullmatch(word):
        address = f"{platform}:{word}"
    return f"address:{address}" if address else f"{platform}:{word}"


def host(address: str | None) -> str | None:
    """The platform that serves an address, `web` for any other host, None where it is no address."""
    name = canonical(address or "")
    if name is None:
        return None
    if name.partition(":")[0] in VIDEO_IDS:
        return name.partition(":")[0]
    domain = name.partition("/")[0]
    return next((p for end, p in HOSTS.items() if domain == end or domain.endswith("." + end)), "web")


def video(address: str) -> str | None:
    """The canonical address of a link that is a hosted video; None for a page or anything else."""
    name = canonical(address)
    return name if name and any(pattern.match(name) for _host, pattern in _VIDEOS) else None


def kind(address: str) -> str | None:
    """What the ending of an address promises."""
    ending = re.search(r"\.([A-Za-z0-9]{2,5})(?:\?|$)", address)
    if address.startswith(("address:youtube:", "address:tiktok:")):
        return "video"
    return _ENDINGS.get(ending.group(1).lower()) if ending else None


def stem(name: str) -> str:
    """The name of a file or of the last part of an address, without its ending."""
    last = unquote(name.partition("?")[0].partition("#")[0]).rstrip("/").rpartition("/")[2]
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last)
