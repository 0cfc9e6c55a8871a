"""Public sets of pages whose articles were written out by people, as they lie in a checkout.

Known by their files: scrapinghub/article-extraction-benchmark, adbar/trafilatura (`tests`),
Murrough-Foley/web-content-extraction-benchmark, dobbersc/fundus-evaluation and flairNLP/fundus.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPage:
    """A page and what people say of it, "" where they say nothing.

    Of most pages the whole text is known, of some only parts that it has and that it lacks.
    """

    file: Path
    url: str
    text: str = ""
    has: Sequence[str] = ()
    lacks: Sequence[str] = ()
    title: str = ""
    author: str = ""
    date: str = ""

    @property
    def html(self) -> bytes:
        """The page as it was saved."""
        data = self.file.read_bytes()
        return gzip.decompress(data) if self.file.suffix == ".gz" else data


def pages_of(path: Path) -> tuple[str, list[SetPage]]:
    """The name of the set in this folder, and its pages of articles; "" if it is none we know."""
    if (path / "ground-truth.json").is_file():
        return "scrapinghub", list(_scrapinghub(path))
    for folder in (path, path / "tests"):
        if (folder / "evaldata.json").is_file():
            return "trafilatura", list(_trafilatura(folder))
    if (path / "dev" / "ground-truth").is_dir():
        return "wcxb", list(_wcxb(path))
    if (path / "dataset" / "ground_truth.json").is_file():
        return "fundus-evaluation", list(_fundus_evaluation(path / "dataset"))
    if (folder := path / "tests" / "resources" / "parser" / "test_data").is_dir():
        return "fundus", list(_fundus(folder))
    return "", []


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _scrapinghub(path: Path) -> Iterator[SetPage]:
    for name, told in _json(path / "ground-truth.json").items():
        file = path / "html" / f"{name}.html.gz"
        yield SetPage(file=file, url=told["url"], text=told["articleBody"])


def _trafilatura(path: Path) -> Iterator[SetPage]:
    for url, told in _json(path / "evaldata.json").items():
        places = (path / folder / told["file"] for folder in ("cache", "eval"))
        file = next((place for place in places if place.is_file()), None)
        if file is not None:
            address = url if url.startswith("http") else f"https://set.example/{told['file']}"
            yield SetPage(file=file, url=address, has=told["with"], lacks=told["without"])


def _wcxb(path: Path) -> Iterator[SetPage]:
    """Yield the articles; shops, forums and manuals are no pages of a news source."""
    files = {file.stem: file for file in sorted(path.glob("*/ground-truth/*.json"))}  # some twice
    for file in files.values():
        told = _json(file)
        truth = told["ground_truth"]
        if told["_internal"]["page_type"]["primary"] == "article" and truth.get("main_content"):
            yield SetPage(
                file=file.parent.parent / "html" / f"{file.stem}.html.gz",
                url=told.get("url") or f"https://set.example/{file.stem}",
                text=truth["main_content"],
                title=truth.get("title") or "",
                author=truth.get("author") or "",
                date=truth.get("publish_date") or "",
            )


def _fundus_evaluation(path: Path) -> Iterator[SetPage]:
    for name, told in _json(path / "ground_truth.json").items():
        text = "\n\n".join(map(_paragraph, told["body"]))
        yield SetPage(file=path / "html" / name, url=told["url"], text=text)


def _paragraph(told: str | Mapping[str, Any] | Sequence[str]) -> str:
    """A paragraph; of one that may be there or not, its text."""
    if isinstance(told, str):
        return told
    parts = told.values() if isinstance(told, Mapping) else told
    return "\n\n".join(part for part in parts if isinstance(part, str))


def _fundus(path: Path) -> Iterator[SetPage]:
    """Yield the pages of each publisher, whose texts are listed in the order of their dates."""
    for folder in sorted(path.iterdir()):
        if not (folder / "meta.info").is_file():
            continue
        known = _json(folder / "meta.info")
        for texts in sorted(folder.glob("*.json")):
            told = list(_json(texts).values())
            files = sorted(name for name in known if name.rsplit("_", 3)[0] == texts.stem)
            if len(files) == len(told):
                for name, one in zip(files, told, strict=True):
                    yield _of_fundus(folder / name, known[name]["url"], one)


def _of_fundus(file: Path, url: str, told: Mapping[str, Any]) -> SetPage:
    body = told.get("body") or {}
    parts = list(body.get("summary") or ())
    for section in body.get("sections") or ():
        parts += [*section["headline"], *section["paragraphs"]]
    return SetPage(
        file=file,
        url=url,
        text="\n\n".join(parts),
        title=told.get("title") or "",
        author=", ".join(told.get("authors") or ()),
        date=told.get("publishing_date") or "",
    )
