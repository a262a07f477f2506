"""Metrics behind compared findings hand over what they are compared by, and it stays in memory."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import desk, tiny_world

import kit
from kit.inference import Measure
from kit.metrics import accounts, coordination, media, targets, texts
from kit.notebook import kept, protection

MEASURED = {
    "new_accounts": lambda case: accounts.new_accounts(case, days=90),
    "old_accounts": accounts.old_accounts,
    "silent_accounts": accounts.silent_accounts,
    "empty_profile": accounts.empty_profile,
    "reply_share": targets.reply_share,
    "near_duplicate_posts": texts.near_duplicate_posts,
    "same_text_within": lambda case: texts.same_text_within(case, window_s=3600),
    "input_artefacts": texts.language_artefact_rate,
    "model_residues": texts.model_residues,
    "narrative_share": texts.narrative_share,
    "camouflage": lambda case: texts.camouflage_share(case, minimum=2),
    "media_reuse": media.media_reuse,
    "rule_of_thumb": lambda case: coordination.rule_of_thumb(case, trace="reply_post", window_s=600),
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    home, _world = tiny_world(tmp_path_factory)
    with desk(home):
        yield kit.open("tiny", edition="internal")


@pytest.mark.parametrize("name", MEASURED)
def test_what_is_shown_is_what_is_compared(case: Any, name: str) -> None:
    table = MEASURED[name](case)
    measure = table.attrs["measure"]
    assert isinstance(measure, Measure)
    rows = table.set_index("group")
    found = measure.compare(measure.studied, ~measure.studied)
    for group, mine in (("studied", found.mine), ("control", found.others)):
        shown = rows.loc[group, ["estimate", "low", "high"]].to_numpy(float)
        if rows.loc[group, "n"]:
            assert np.allclose(shown, mine, atol=1e-9, equal_nan=True), group
    assert found.estimate == pytest.approx(found.mine.estimate - found.others.estimate, abs=1e-9)
    keys = case.sql('SELECT account_key, "group" FROM accounts').set_index("account_key")["group"]
    assert (keys.reindex(measure.account) == np.where(measure.studied, "studied", "control")).all()
    assert pd.Series(measure.account).is_unique


@pytest.mark.parametrize("name", MEASURED)
def test_what_accounts_did_is_not_kept_or_shown(case: Any, name: str) -> None:
    table = MEASURED[name](case)
    for held in (table, protection.shown(case, table)[0]):
        assert "measure" not in kept.unpacked(kept.packed(held)).attrs
    assert "measure" not in protection.shown(case, table)[0].attrs
    public = kit.open("tiny", edition="public")
    own = MEASURED[name](public)
    assert "measure" in own.attrs
    assert "measure" not in protection.shown(public, own)[0].attrs
    assert b"Shares" not in kept.packed(own).schema.metadata[b"daylight"]


def test_pairs_soon_after_one_another_are_those_of_every_pair_by_hand() -> None:
    rng = np.random.default_rng(0)
    text, at, account = rng.integers(0, 4, 120), rng.integers(0, 3000, 120), rng.integers(0, 15, 120)
    order = np.lexsort((at, text))
    text, at, account = text[order], at[order], account[order]
    from kit.metrics.texts.near_duplicates import _near

    first, second, said = _near(account, text, at, 60)
    ours = {(min(a, b), max(a, b), x) for a, b, x in zip(first, second, said, strict=True)}
    theirs = {
        (min(account[i], account[j]), max(account[i], account[j]), text[i])
        for i, j in itertools.combinations(range(120), 2)
        if text[i] == text[j] and abs(at[i] - at[j]) <= 60 and account[i] != account[j]
    }
    assert ours == theirs
