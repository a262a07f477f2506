"""Content credentials (C2PA): whether a file carries a manifest that holds. Never over the network.

A valid manifest that no trusted list vouches for can be made by anybody: it proves no origin.
"""

from __future__ import annotations

#: what a file's credentials can be
STATUSES = (
    "none",
    "valid_untrusted",
    "trusted",
    "invalid",
    "unreadable",
    "remote_not_fetched",
    "not_computed",
)


def status(path: str, mime: str, trust: str | None = None) -> str:
    """A word of `STATUSES`; `trust` holds certificates (PEM) of issuers to rely on."""
    try:
        import c2pa
    except ImportError:
        return "not_computed"
    settings: dict = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": bool(trust)}
    }
    if trust:
        settings["trust"] = {"trust_anchors": trust}
    try:
        with open(path, "rb") as file:
            reader = c2pa.Reader(mime, file, context=c2pa.Context.from_dict(settings))
            state = str(reader.get_validation_state()).rpartition(".")[2].lower()
    except Exception as error:  # the library has an exception for each way of failing
        words = f"{type(error).__name__} {error}".lower()
        if "remote" in words:
            return "remote_not_fetched"
        return "none" if "manifestnotfound" in words or "no jumbf" in words else "unreadable"
    return {"trusted": "trusted", "valid": "valid_untrusted"}.get(state, "invalid")
