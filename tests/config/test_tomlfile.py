from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ConfigFaults
from crawler.tomlfile import Table, read_toml, validated


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults_of(folder: Path, text: str | bytes, **environ: str) -> list[str]:
    with pytest.raises(ConfigFaults) as raised:
        read_toml(written(folder, text), environ=environ)
    return str(raised.value).replace(f"{folder}/", "").splitlines()


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


def test_placeholders_take_values_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("geheim\n")
    path = written(tmp_path, 'a = ["x ${NAME} y"]\nb = "${file:token}"\nc = "$NAME"\n')

    data = read_toml(path, environ={"NAME": "n"}).data

    assert data == {"a": ["x n y"], "b": "geheim", "c": "$NAME"}


def test_each_placeholder_without_a_value_is_named_with_its_line(tmp_path: Path) -> None:
    text = '[a]\nx = "${ONE}"\ny = "${file:absent}"\nz = "${SET}"\n'

    assert faults_of(tmp_path, text, SET="s") == [
        "file.toml:2: [a]: environment variable 'ONE' is not there: set it, or replace ${ONE}",
        "file.toml:3: [a]: file 'absent' is not there: set it, or replace ${file:absent}",
    ]


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("a = 1\n[x\n", "file.toml:2: "),
        ("a = \n", "file.toml:1: nothing stands after"),
        ("a = 1\na = 2\n", 'file.toml:2: the key "a" is there already'),
        (b"a = 1\nb = '\xff'\n", "file.toml:2: not UTF-8: save the file as UTF-8"),
        ("a = " + "[" * 5000, "file.toml"),
    ],
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
        'file.toml:7: unknown key "tow": the keys here are: item, one',
    ]


def test_a_fault_never_shows_the_value_that_was_filled_in(tmp_path: Path) -> None:
    (fault,) = model_faults(tmp_path, '[one]\nsize = "${S}"\n')

    assert fault.startswith("file.toml:2: [one]: size: ")
    assert "hush" not in fault
