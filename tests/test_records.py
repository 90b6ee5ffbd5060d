"""Our dataclasses are those of the standard library, seen from outside."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle

import pytest

from apicontract import records


def _pair(**asked):
    def made(decorator):
        @decorator(frozen=True, **asked)
        class Thing:
            """A thing."""

            name: str
            size: int = 3
            parts: list[str] = dataclasses.field(default_factory=list)
            note: str = dataclasses.field(default="", compare=False, repr=False)

        return Thing

    return made(records.dataclass), made(dataclasses.dataclass)


@records.dataclass(frozen=True, slots=True)
class Kept:
    """One that pickle can find."""

    name: str
    size: int = 3


@records.dataclass(frozen=True, slots=True)
class Heir(Kept):
    """One that inherits fields."""

    colour: str = "red"


@pytest.mark.parametrize("slots", [False, True])
class TestAsTheLibrarys:
    def test_fields_and_arguments(self, slots):
        ours, theirs = _pair(slots=slots)
        assert [one.name for one in dataclasses.fields(ours)] == [
            one.name for one in dataclasses.fields(theirs)
        ]
        assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
        assert ours.__match_args__ == theirs.__match_args__
        assert ours.__init__.__annotations__ == theirs.__init__.__annotations__
        assert hasattr(ours("a"), "__dict__") is hasattr(theirs("a"), "__dict__") is not slots
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
            ours()

    def test_values_and_defaults(self, slots):
        for made in _pair(slots=slots):
            one, other = made("a"), made("a")
            assert (one.size, one.parts, one.note) == (3, [], "")
            assert one.parts is not other.parts
            assert dataclasses.asdict(made("b", 4, ["c"])) == {
                "name": "b",
                "size": 4,
                "parts": ["c"],
                "note": "",
            }

    def test_equality_is_of_the_fields_that_count(self, slots):
        for made in _pair(slots=slots):
            assert made("a", note="x") == made("a", note="y")
            assert made("a") != made("b")
            assert made("a") != ("a", 3, [], "")
            assert hash(made("a", 1, ())) == hash(made("a", 1, (), "other"))

    def test_nothing_can_be_changed(self, slots):
        for made in _pair(slots=slots):
            one = made("a")
            with pytest.raises(dataclasses.FrozenInstanceError):
                one.name = "b"
            with pytest.raises(dataclasses.FrozenInstanceError):
                del one.name
            with pytest.raises(
                (dataclasses.FrozenInstanceError, TypeError)
            ):  # the library's, by a slip of it
                one.further = "b"
            assert dataclasses.replace(one, size=9).size == 9

    def test_text(self, slots):
        ours, theirs = _pair(slots=slots)
        assert repr(ours("a")) == repr(theirs("a"))
        assert repr(ours("a")).endswith("Thing(name='a', size=3, parts=[])")

    def test_identity_where_it_is_asked_for(self, slots):
        for made in _pair(slots=slots, eq=False):
            assert made("a") != made("a")
            assert len({made("a"), made("a")}) == 2


class TestOne:
    def test_single_field(self):
        made = records.dataclass(frozen=True)(
            type("One", (), {"__annotations__": {"it": "float"}, "__doc__": "x"})
        )
        nan = float("nan")
        assert made(nan) == made(nan)  # tuples of the same thing are equal
        assert made(1) != made(2)

    def test_no_field(self):
        made = records.dataclass(frozen=True, slots=True)(type("None_", (), {"__doc__": "x"}))
        assert made() == made()
        assert repr(made()) == "None_()"

    def test_copies_and_pickles(self):
        for one in (Kept("a", 5), Heir("a", 5, "blue")):
            assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # its own
            assert copy.copy(one) == copy.deepcopy(one) == one

    def test_heirs(self):
        one = Heir("a")
        assert (one.name, one.size, one.colour) == ("a", 3, "red")
        assert one != Kept("a")
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.name = "b"

    def test_what_comes_after(self):
        @records.dataclass(frozen=True, slots=True)
        class Checked:
            """Looks at what it is given."""

            size: int

            def __post_init__(self):
                if self.size < 0:
                    raise ValueError("negative")

        assert Checked(1).size == 1
        with pytest.raises(ValueError, match="negative"):
            Checked(-1)

    def test_methods_of_the_class_stay(self):
        @records.dataclass(frozen=True)
        class Own:
            """Says and compares itself."""

            size: int

            def __repr__(self):
                return "own"

            def __eq__(self, other):
                return isinstance(other, Own)

            __hash__ = object.__hash__

        assert repr(Own(1)) == "own"
        assert Own(1) == Own(2)
        assert len({Own(1), Own(1)}) in (1, 2)

    def test_what_is_not_frozen_is_the_librarys(self):
        @records.dataclass(slots=True)
        class Loose:
            """Can be changed."""

            size: int

        one = Loose(1)
        one.size = 2
        assert one == Loose(2)
        assert Loose.__hash__ is None

    def test_keyword_only_fields_are_the_librarys(self):
        @records.dataclass(frozen=True)
        class Named:
            """Its second field has to be named."""

            size: int
            _: dataclasses.KW_ONLY
            name: str = ""

        assert Named(1, name="a").name == "a"
        with pytest.raises(TypeError):
            Named(1, "a")
