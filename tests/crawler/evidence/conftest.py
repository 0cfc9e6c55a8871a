from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from evidence_desk import EvidenceDesk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EvidenceDesk]:
    made = EvidenceDesk(tmp_path)
    yield made
    made.writer.close()
