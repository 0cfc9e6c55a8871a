import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from smallhouse import HangingIndex, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A small tree; made writable again at the end, so that it can be removed."""
    yield House(tmp_path)
    for path in (tmp_path, *tmp_path.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IRWXU)


@pytest.fixture
def hanging_index(house: House) -> Iterator[HangingIndex]:
    """An index that keeps pip waiting until the test releases it."""
    server = HangingIndex(house.wheels)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()
