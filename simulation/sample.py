"""Makes the committed sample: exports in data/sample, and the lists of reports/sample."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from simulation import media
from simulation.campaign import Campaign
from simulation.coding import write_coders
from simulation.exports import write_exports, write_lists
from simulation.world import simulate

ROOT = Path(__file__).resolve().parents[1]


def make_sample(root: str | Path = ROOT, *, seed: int | None = None) -> list[dict]:
    """Write `data/sample` with its pictures and the CSV files of `reports/sample` below `root`; return the `exports` entries.

    `report.yml` and `codebook.yml` there are written by hand and never touched; a test compares its
    exports with the entries returned here.
    """
    campaign = Campaign() if seed is None else Campaign(seed=seed)
    world = simulate(campaign)
    entries = write_exports(world, Path(root) / "data" / "sample")
    write_lists(world, Path(root) / "reports" / "sample")
    write_coders(world, Path(root) / "reports" / "sample")
    write_media(Path(root) / "data" / "sample" / "media", Path(root) / "reports" / "sample")
    return [entry | {"path": f"../../data/sample/{entry['path']}"} for entry in entries]


def sample_pictures() -> dict[str, Image.Image]:
    """The pictures that the sample's researcher holds, by the name in their address; the videos have no files.

    Planted: 02 is a smaller copy of 01; 05 is 04 turned left to right; 10 is 04 with a border; 07 and 08
    are different pictures in the same screenshot; 11 is alone, and so is one of the control group.
    """
    first, second, third, fourth, fifth, other = (media.picture(seed, (360, 270)) for seed in range(41, 47))
    return {
        "item-01": first,
        "item-02": media.again(media.scaled(first, 0.7), quality=40),
        "item-04": second,
        "item-05": ImageOps.mirror(second),
        "item-07": media.screenshot(third),
        "item-08": media.screenshot(fourth),
        "item-10": media.bordered(second, 0.06),
        "item-11": fifth,
        "control-00046": other,
    }


def write_media(folder: Path, report: Path) -> None:
    """The pictures of the sample, and what two invented reviewers said of some of them."""
    for path in (folder, report):
        path.mkdir(parents=True, exist_ok=True)
    for name, image in sample_pictures().items():
        (folder / f"{name}.jpg").write_bytes(media.saved(image, quality=72))
    labels = [
        "item,label,reviewer_1,reviewer_2,date,source",
        "item-01.jpg,none,AB,CD,2023-10-24,invented for the sample",
        "item-04.jpg,none,AB,CD,2023-10-24,invented for the sample",
        "item-07.jpg,suspected,AB,CD,2023-10-25,invented for the sample",
        "item-11.jpg,confirmed,AB,CD,2023-10-25,invented for the sample",
    ]
    review = ["a,b,reviewer_1,verdict_1,reviewer_2,verdict_2", "item-04.jpg,item-10.jpg,AB,same,CD,same"]
    for name, lines in (("media_labels", labels), ("media_review", review)):
        (report / f"{name}.csv").write_bytes("".join(f"{line}\n" for line in lines).encode())
