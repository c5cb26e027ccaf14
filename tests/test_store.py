import pyarrow as pa
import pytest

from pipeline import store


def test_a_pack_comes_back_and_is_found_by_each_key(tmp_path):
    shelf = store.Shelf(tmp_path / "kind" / "v1")
    path = shelf.put(["a", "b"], b"payload\nwith lines\n")
    assert shelf.get(path) == b"payload\nwith lines\n"
    assert store.Shelf(shelf.folder).find() == {"a": (path, 0), "b": (path, 1)}


def test_the_same_content_is_the_same_file(tmp_path):
    shelf = store.Shelf(tmp_path)
    assert shelf.put(["a"], b"x") == shelf.put(["a"], b"x")
    assert sum(p.is_file() for p in tmp_path.rglob("*")) == 1


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda data: data[:-1], "cut short"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "one bit of the payload"),
        (lambda data: data.replace(b'"keys":["a"]', b'"keys":["b"]'), "a key"),
        (lambda data: b"", "empty"),
    ],
)
def test_damage_is_noticed_wherever_it_is(tmp_path, damage, where):
    shelf = store.Shelf(tmp_path)
    path = shelf.put(["a"], b"payload")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(store.DamagedPackError, match=path.name):
        shelf.get(path)


def test_a_damaged_head_is_removed_and_said(tmp_path):
    path = store.Shelf(tmp_path).put(["a"], b"payload")
    path.write_bytes(b"rubbish")
    shelf = store.Shelf(tmp_path)
    assert shelf.packs() == {}
    assert not path.exists()
    assert path.name in shelf.damaged[0]


def test_cover_takes_whole_packs_only_and_no_key_twice(tmp_path):
    shelf = store.Shelf(tmp_path)
    shelf.put(["a", "b", "c"], b"1")
    shelf.put(["a", "b"], b"2")
    shelf.put(["d", "gone"], b"3")
    packs, left = shelf.cover(["d", "c", "b", "a", "new"])
    assert [pack.keys for pack in packs] == [("a", "b", "c")]
    assert left == ["d", "new"]


def test_a_killed_write_leaves_nothing_to_find(tmp_path):
    shelf = store.coded(tmp_path, "now")
    path = shelf.put(["a"], b"payload")
    partial = path.with_name(f".{path.name}.77.partial")
    partial.write_bytes(b"half")
    assert list(store.coded(tmp_path, "now").packs()) == [path.name]
    store.prune(tmp_path, "now")
    assert not partial.exists()
    assert path.exists()


def test_prune_drops_coded_rows_of_other_code_and_keeps_parses(tmp_path):
    old, new = store.coded(tmp_path, "old").put(["a"], b"x"), store.coded(tmp_path, "new").put(["a"], b"x")
    parse = store.parses(tmp_path, "model").put(["a"], b"x")
    assert store.prune(tmp_path, "new") == ["old"]
    assert (old.exists(), new.exists(), parse.exists()) == (False, True, True)


def test_tables_come_back_with_types_and_metadata():
    schema = pa.schema([pa.field("n", pa.int64(), metadata={"unit": "words"}), pa.field("l", pa.list_(pa.string()))])
    tables = {
        "full": pa.table({"n": [1, None], "l": [["a"], []]}, schema=schema),
        "empty": schema.empty_table(),
    }
    back = store.unpack_tables(store.pack_tables(tables))
    assert back == {"empty": tables["empty"], "full": tables["full"]}
    assert back["full"].schema.field("n").metadata == {b"unit": b"words"}
