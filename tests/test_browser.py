"""Built pages opened in a real browser: nothing runs, nothing is fetched, nothing overflows.

Every request, dialog and navigation is logged over the browser's own debugging
protocol; no host name resolves. Two controls prove that the log would see a script
or a request if there were one.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_render import OWN, REPORT, daylight, hostile, notebook, poisoned, sample, table, tables_of

from kit.publish.render import render_page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
websocket = pytest.importorskip("websocket", reason="the websocket client that JupyterLab brings is missing")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on this machine: pages were not opened in a browser"
    ),
]

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps --disable-extensions --hide-scrollbars "
    "--disable-dev-shm-usage --remote-debugging-port=0"
).split()


class Browser:
    """One page of a running browser, driven by messages."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self.numbers = itertools.count(1)
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.note(message)

    def note(self, message: dict[str, Any]) -> None:
        if "method" not in message:  # the answer to a dialog
            return
        self.events.append(message)
        if message["method"] == "Page.javascriptDialogOpening":
            self.socket.send(
                json.dumps(
                    {
                        "id": next(self.numbers),
                        "method": "Page.handleJavaScriptDialog",
                        "params": {"accept": True},
                    }
                )
            )

    def open(self, path: Path, *, width: int = 1280, height: int = 900) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Page.navigate", url="about:blank")
        self.wait("Page.loadEventFired")
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.wait("Page.loadEventFired")
        self.value("new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)))")

    def wait(self, event: str) -> None:
        while not any(message["method"] == event for message in self.events):
            self.note(json.loads(self.socket.recv()))

    def value(self, expression: str) -> Any:
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def seen(self, event: str) -> list[dict[str, Any]]:
        return [message["params"] for message in self.events if message["method"] == event]

    def requests(self, path: Path) -> list[str]:
        """Addresses asked for beside the page itself and pictures inside it."""
        asked = [params["request"]["url"] for params in self.seen("Network.requestWillBeSent")]
        return [url for url in asked if url != path.as_uri() and not url.startswith("data:image/png;base64,")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    profile = tmp_path_factory.mktemp("profile")
    rules = "--host-resolver-rules=MAP * ~NOTFOUND"
    command = [str(CHROMIUM), *FLAGS, rules, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    page = None
    try:
        port = profile / "DevToolsActivePort"
        until = time.monotonic() + 60
        while not (port.exists() and len(port.read_text().splitlines()) == 2):
            assert process.poll() is None, "the browser did not start"
            assert time.monotonic() < until, "the browser did not open its port"
            time.sleep(0.1)
        number, path = port.read_text().splitlines()
        whole = websocket.create_connection(
            f"ws://127.0.0.1:{number}{path}", timeout=60, suppress_origin=True
        )
        whole.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        targets = json.loads(whole.recv())["result"]["targetInfos"]
        whole.close()
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        page = Browser(f"ws://127.0.0.1:{number}/devtools/page/{target}")
        yield page
    finally:
        if page is not None:
            page.socket.close()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    books = sample()
    return render_page(REPORT, books, folder / "en", files=tables_of(books, folder / "files"))


# ---------------------------------------------------------------------------
# controls: the log sees what it should


def test_the_log_sees_a_script_and_a_request(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        "<title>t</title><script>document.title='PWNED'; alert(1)</script><img src=http://t.invalid/p>"
    )
    browser.open(page)
    assert browser.value("document.title") == "PWNED"
    assert browser.requests(page) == ["http://t.invalid/p"]
    assert len(browser.seen("Page.javascriptDialogOpening")) == 1


def test_the_policy_alone_would_stop_both(browser: Browser, tmp_path: Path, built: Path) -> None:
    html = built.read_text("utf-8")
    page = tmp_path / "injected.html"
    evil = "<script>document.title='PWNED'</script><img src='http://t.invalid/p'><iframe src='file:///etc/hostname'></iframe>"
    page.write_text(html.replace("<main>", f"<main>{evil}", 1))
    browser.open(page)
    assert browser.value("document.title") == REPORT["title"]
    answered = [params["response"]["url"] for params in browser.seen("Network.responseReceived")]
    assert {url for url in answered if not url.startswith("data:image/png")} == {page.as_uri()}
    assert browser.value("document.querySelector('main img').naturalWidth") == 0


# ---------------------------------------------------------------------------
# pages


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_pages_run_nothing_and_ask_for_nothing(name: str, browser: Browser, tmp_path: Path) -> None:
    report, books = poisoned(hostile()[name])
    page = render_page(report, books, tmp_path / "out")
    browser.open(page)
    assert browser.requests(page) == []
    assert browser.seen("Page.javascriptDialogOpening") == []
    assert browser.seen("Log.entryAdded") == []
    assert browser.value("location.href") == page.as_uri()
    assert browser.value("document.title") != "PWNED"
    assert browser.value("document.scripts.length") == 0
    assert (
        browser.value(
            "[...document.querySelectorAll('[href^=javascript], iframe, object, embed, form, base, link')].length"
        )
        == 0
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(width: int, browser: Browser, built: Path) -> None:
    browser.open(built, width=width)
    assert browser.value("document.documentElement.scrollWidth") <= width
    small = "[...document.querySelectorAll('p, li, td, th, dd, dt, figcaption')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    assert min(browser.value(small)) >= 11


@pytest.mark.parametrize("name", ["long", "marks", "entities", "percent", "script"])
def test_no_text_breaks_the_layout(name: str, browser: Browser, tmp_path: Path) -> None:
    report, books = poisoned(OWN[name])
    page = render_page(report, books, tmp_path / "out")
    browser.open(page, width=360)
    assert browser.value("document.documentElement.scrollWidth") <= 360


def test_rows_of_a_finding_share_one_scale(browser: Browser, built: Path) -> None:
    for width in (360, 1280):
        browser.open(built, width=width)
        widths = "[...document.querySelectorAll('.bars')].map(b => [...b.querySelectorAll('.track')].map(t => t.offsetWidth))"
        for tracks in browser.value(widths):
            assert len(set(tracks)) == 1
            assert tracks[0] > 150


def test_the_first_key_reaches_the_findings(browser: Browser, built: Path) -> None:
    browser.open(built)
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert browser.value("document.activeElement.className") == "skip"
    assert browser.value("document.activeElement.getBoundingClientRect().left") >= 0


def test_print_shows_what_is_folded_away_and_cuts_no_row(browser: Browser, built: Path) -> None:
    browser.open(built)
    browser.call("Emulation.setEmulatedMedia", media="print")
    folded = "[...document.querySelectorAll('details > :not(summary):not(p:last-child)')].filter(e => e.getBoundingClientRect().height === 0).length"
    assert browser.value(folded) == 0
    assert browser.value("getComputedStyle(document.querySelector('tr')).breakInside") == "avoid"
    browser.call("Emulation.setEmulatedMedia", media="")
    pdf = browser.call("Page.printToPDF", preferCSSPageSize=True, generateTaggedPDF=True)["data"]
    assert len(pdf) > 20_000
    assert browser.requests(built) == []


def test_a_long_report_opens_quickly(browser: Browser, tmp_path: Path) -> None:
    columns = [("group", "Group", "text"), ("n", "N", "number"), ("name", "Name", "text")]
    held = table(
        "long", "Long", columns, [["studied", i, f"name {i}"] for i in range(200)], rows_total=50_000
    )
    page = render_page(
        {"title": "Long"},
        [{"name": "a", "notebook": notebook("# A", [daylight("table", held)])}],
        tmp_path / "o",
    )
    assert page.stat().st_size < 10_000_000
    start = time.monotonic()
    browser.open(page)
    assert time.monotonic() - start < 3
    assert "20 of 50,000 rows" in browser.value("document.body.innerText")
