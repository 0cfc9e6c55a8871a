from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given, strategies as st
from pydantic import Field

from crawler.config.toml import Table, read_toml, validated
from crawler.errors import ConfigFaults


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults_of(folder: Path, text: str | bytes, **environ: str) -> list[str]:
    with pytest.raises(ConfigFaults) as raised:
        read_toml(written(folder, text), environ=environ)
    return str(raised.value).replace(f"{folder}/", "").splitlines()


def test_a_secret_may_be_a_credential_of_systemd(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "slack").write_text("geheim\n")
    file = tmp_path / "channels.toml"
    file.write_text('webhook = "${file:slack}"')
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path / "given")}

    assert read_toml(file, environ=environ).data == {"webhook": "geheim"}

    (tmp_path / "slack").write_text("eigen")
    assert read_toml(file, environ=environ).data == {"webhook": "eigen"}


def test_every_key_and_table_knows_its_line(tmp_path: Path) -> None:
    text = '''a = 1
[x]
b = """
[y]
q = 1
"""
c = [
  "]",  # ]
  2,
]
d.e = { f = "=" }
[[z]]
[[z]]
k = 2
[z.w]
m = 1
[[z.v]]
"a b" = 1
'''
    file = read_toml(written(tmp_path, text))

    assert dict(file.lines) == {
        ("a",): 1,
        ("x",): 2,
        ("x", "b"): 3,
        ("x", "c"): 7,
        ("x", "d", "e"): 11,
        ("z",): 12,
        ("z", 0): 12,
        ("z", 1): 13,
        ("z", 1, "k"): 14,
        ("z", 1, "w"): 15,
        ("z", 1, "w", "m"): 16,
        ("z", 1, "v"): 17,
        ("z", 1, "v", 0): 17,
        ("z", 1, "v", 0, "a b"): 18,
    }
    assert file.line(("z", 1, "absent")) == 13


values = st.sampled_from(
    [
        "1",
        '"a"',
        "'b # ['",
        '"""\n[x]\nk = 1\n"""',
        "[\n 1, # ]\n 2,\n]",
        '{ p = "]" }',
        "'''\n='''",
        '"""a"""" # "[',
        "'''a'''' # '[",
    ]
)
keys = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True)


@given(st.dictionaries(keys, st.dictionaries(keys, values, max_size=4), max_size=4))
def test_the_line_named_for_a_key_is_the_line_on_which_it_stands(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, dict[str, str]]
) -> None:
    text = "".join(
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
        for name, table in tables.items()
    )
    tomllib.loads(text)
    file = read_toml(written(tmp_path_factory.getbasetemp(), text))

    lines = text.split("\n")
    for name, table in tables.items():
        assert lines[file.lines[(name,)] - 1] == f"[{name}]"
        for key, value in table.items():
            assert lines[file.lines[name, key] - 1] == f"{key} = {value}".split("\n")[0]


parts = st.text(alphabet="ab-.=#[]{}\"'\\ \té", max_size=5)
ways = st.sampled_from(["bare", "literal", "basic"])


def key_part(name: str, way: str) -> str:
    """A part of a key as TOML writes it, in the way that is asked for if it can be."""
    if way == "bare" and re.fullmatch("[a-z-]+", name):
        return name
    if way == "literal" and "'" not in name:
        return f"'{name}'"
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


@st.composite
def key_rows(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Dotted keys of one table; no two begin alike."""
    first = draw(st.lists(parts, unique=True, min_size=1, max_size=4))
    return [(name, *draw(st.lists(parts, max_size=2))) for name in first]


@given(st.data())
def test_keys_and_tables_have_their_lines_however_they_are_quoted_and_dotted(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text, expected = "", dict[tuple[str | int, ...], int]()

    def dotted(names: tuple[str, ...]) -> str:
        dot = data.draw(st.sampled_from([".", " . ", "\t."]))
        return dot.join(key_part(name, data.draw(ways)) for name in names)

    for table in data.draw(key_rows()):
        opened, closed = data.draw(st.sampled_from([("[", "]"), ("[ ", " ] # ]"), ("[[", "]]")]))
        place = (*table, 0) if opened == "[[" else table
        expected[table] = expected[place] = text.count("\n") + 1
        text += f"{opened}{dotted(table)}{closed}\n"
        for key in data.draw(key_rows()):
            expected[*place, *key] = text.count("\n") + 1
            text += f"{dotted(key)} = {data.draw(values)}\n"

    file = read_toml(written(tmp_path_factory.getbasetemp(), text))

    assert dict(file.lines) == expected


def test_a_long_key_before_a_quoted_one_is_read(tmp_path: Path) -> None:
    text = "a = 1\n" + "a" * 60 + '."q\\"x" = ["x"]\n'

    # With an expression that tries each way of cutting the letters this would never come back.
    assert read_toml(written(tmp_path, text)).line(("a" * 60, 'q"x')) == 2


def test_placeholders_take_values_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("geheim\n")
    path = written(tmp_path, 'a = ["x ${NAME} y"]\nb = "${file:token}"\nc = "$NAME"\n')

    data = read_toml(path, environ={"NAME": "n"}).data

    assert data == {"a": ["x n y"], "b": "geheim", "c": "$NAME"}


def test_each_placeholder_without_a_value_is_named_with_its_line(tmp_path: Path) -> None:
    text = '[a]\nx = "${ONE}"\ny = "${file:absent}"\nz = "${SET}"\n'

    assert faults_of(tmp_path, text, SET="s") == [
        "file.toml:2: [a]: environment variable 'ONE' is not there: set it, or replace ${ONE}",
        "file.toml:3: [a]: file 'absent' is not there: name a file that holds the value, or "
        "replace ${file:absent}",
    ]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("folder", "cannot be read: Is a directory"),
        ("latin", "is not UTF-8"),
        ("x\\u0000y", "is no name of a file"),
        ("x" * 5000, "cannot be read: File name too long"),
    ],
    ids=["folder", "latin", "nul", "long"],
)
def test_a_file_that_gives_no_value_is_told_with_its_line_and_why(
    tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin").write_bytes(b"caf\xe9")

    (fault,) = faults_of(tmp_path, f'[a]\nx = "${{file:{name}}}"\n')

    assert fault.startswith("file.toml:2: [a]: file '")
    assert f"' {why}: name a file that holds the value, or replace ${{file:" in fault
    assert fault.isprintable()


def test_a_byte_order_mark_is_no_part_of_a_value(tmp_path: Path) -> None:
    (tmp_path / "geheim").write_bytes("x8Yz3kWq\r\n".encode("utf-8-sig"))

    file = read_toml(written(tmp_path, 'a = "${file:geheim}"'), environ={})

    assert file.data == {"a": "x8Yz3kWq"}


def test_a_placeholder_that_does_not_end_is_text(tmp_path: Path) -> None:
    text = "${A" * 100_000  # to look for the end from each of them would take minutes

    assert read_toml(written(tmp_path, f'a = "{text}"'), environ={}).data == {"a": text}


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("a = 1\n[x\n", "file.toml:2: "),
        ("a = \n", "file.toml:1: nothing stands after"),
        ("a = 1\na = 2\n", 'file.toml:2: the key "a" is there already'),
        (b"a = 1\nb = '\xff'\n", "file.toml:2: not UTF-8: save the file as UTF-8"),
        ("a = 1\nb = " + "[" * 5000, "file.toml:2: nested too deeply: look for brackets"),
        ("a = 1\nb" + ".b" * 5000 + " = 1", "file.toml:2: nested too deeply: look for brackets"),
    ],
    ids=["header", "value", "twice", "encoding", "brackets", "dots"],
)
def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path, text, beginning) -> None:
    (fault,) = faults_of(tmp_path, text)

    assert fault.startswith(beginning)


def test_a_file_that_is_not_there_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigFaults, match="nieuwswacht init"):
        read_toml(tmp_path / "none.toml")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")

    assert read_toml(path).data == {"a": 1, "b": 2}


class Inner(Table):
    size: int = 0
    secret: str = ""


class Model(Table):
    item: tuple[Inner, ...] = ()
    one: Inner | None = None
    few: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("a",)


def model_faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigFaults) as raised:
        validated(read_toml(written(folder, text), environ={"S": "hush"}), Model)
    return str(raised.value).replace(f"{folder}/", "").splitlines()


def test_unknown_keys_are_faults_that_name_the_likely_one(tmp_path: Path) -> None:
    text = '[[item]]\nid = "x"\nsise = 3\n[one]\nsecet = "a"\nzzz = 1\n[tow]\n'

    assert model_faults(tmp_path, text) == [
        'file.toml:2: item "x": unknown key "id": the keys here are: size, secret',
        'file.toml:3: item "x": unknown key "sise": did you mean "size"?',
        'file.toml:5: [one]: unknown key "secet": did you mean "secret"?',
        'file.toml:6: [one]: unknown key "zzz": the keys here are: size, secret',
        'file.toml:7: unknown key "tow": the keys here are: item, one, few',
    ]


@pytest.mark.parametrize(("few", "said"), [("[]", "at least 1"), ("['a', 'b', 'c']", "at most 2")])
def test_a_list_of_another_length_is_told_in_plain_words(tmp_path, few, said) -> None:
    assert model_faults(tmp_path, f"few = {few}") == [
        f"file.toml:1: few: this list should hold {said}: correct the value"
    ]


def test_a_fault_never_shows_the_value_that_was_filled_in(tmp_path: Path) -> None:
    (fault,) = model_faults(tmp_path, '[one]\nsize = "${S}"\n')

    assert fault.startswith("file.toml:2: [one]: size: ")
    assert "hush" not in fault
