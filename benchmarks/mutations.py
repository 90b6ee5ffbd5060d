"""Breaks the row of each keyword on purpose and sees that a test fails.

    python benchmarks/mutations.py [KEYWORD ...]

Each mutation replaces one piece of the engine's text in a copy of the package, and the tests of the schemas
that need no corpus run against the copy. Gives 1 if a mutation survives them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ENGINE = Path("apicontract") / "schemas"
TESTS = (
    "test_keywords.py",
    "test_directions.py",
    "test_recursion.py",
    "test_contract_reading.py",
    "test_witnesses.py",
)
_COPIED = ("apicontract", "tests/schemas", "benchmarks", "pyproject.toml")


class Mutation(NamedTuple):
    """What is broken: a keyword's row, the file below `apicontract/schemas`, its text, and what replaces it."""

    keyword: str
    file: str
    text: str
    broken: str


_WORDS = "translation/keywords.py"
_TRANSLATE = "translation/translate.py"
_DIALECTS = "translation/dialects.py"
_NUMBERS = "sets/numbers.py"
_STRINGS = "sets/strings.py"
_ARRAYS = "search/arrays.py"
_OBJECTS = "search/objects.py"
_UNEVALUATED = "translation/unevaluated.py"

MUTATIONS = (
    Mutation("type", _WORDS, 'if "integer" in names and "number" not in names:', "if not names:"),
    Mutation("type", _WORDS, '"boolean": Type.BOOLEAN,', '"boolean": Type.NULL,'),
    Mutation("enum", _WORDS, 'given = value["enum"]\n', 'given = value["enum"][:1]\n'),
    Mutation("const", _WORDS, 'literals(pool, [value["const"]])', 'literals(pool, [value["const"], None])'),
    Mutation("multipleOf", _NUMBERS, "outside.append(Numbers(avoided=frozenset((receiver.step,))))", "pass"),
    Mutation("multipleOf", _NUMBERS, "math.lcm(left", "math.gcd(left"),
    Mutation("maximum", _NUMBERS, "Numbers(low=receiver.high, low_open=not receiver.high_open)", "Numbers(listed=frozenset((receiver.high,)))"),
    Mutation("maximum", _WORDS, 'high=given.get("maximum")', "high=None"),
    Mutation("minimum", _NUMBERS, "Numbers(high=receiver.low, high_open=not receiver.low_open)", "Numbers(listed=frozenset((receiver.low,)))"),
    Mutation("minimum", _WORDS, 'low=given.get("minimum")', "low=None"),
    Mutation("exclusiveMinimum", _WORDS, 'low_open="exclusiveMinimum" in given', "low_open=False"),
    Mutation("exclusiveMaximum", _WORDS, 'high_open="exclusiveMaximum" in given', "high_open=False"),
    Mutation("exclusiveMinimum", _WORDS, 'value.get("exclusiveMinimum") is True and "minimum" in given', "False"),
    Mutation("exclusiveMaximum", _WORDS, 'value.get("exclusiveMaximum") is True and "maximum" in given', "False"),
    Mutation("minLength", _STRINGS, "yield Strings(most=receiver.least - 1)", "pass"),
    Mutation("maxLength", _STRINGS, "yield Strings(least=receiver.most + 1)", "pass"),
    Mutation("pattern", _STRINGS, "yield Strings(avoiding=frozenset((pattern,)))", "yield Strings(matching=frozenset((pattern,)))"),
    Mutation("format", _STRINGS, "yield Strings(unlike=frozenset((name,)))", "pass"),
    Mutation("format", "sets/formats.py", '"float": Numbers(low=-int(_FLOAT_MAX), high=int(_FLOAT_MAX)),', ""),
    Mutation("items", _WORDS, "return prefix, translator.below(items, place, further)", "return prefix, everything"),
    Mutation("prefixItems", _WORDS, 'listed = value.get("prefixItems") if', "listed = None if"),
    Mutation("additionalItems", _WORDS, 'items = value.get("additionalItems") if', "items = None if"),
    Mutation("minItems", _ARRAYS, "yield sender._replace(most=lower(sender.most, receiver.least - 1))", "pass"),
    Mutation("maxItems", _ARRAYS, "yield sender._replace(least=max(sender.least, receiver.most + 1))", "pass"),
    Mutation("uniqueItems", _ARRAYS, "yield sender._replace(unique=not receiver.unique)", "pass"),
    Mutation("uniqueItems", _ARRAYS, "return distinct_row(engine, row) if array.unique else plain_row(engine, row)", "return plain_row(engine, row)"),
    Mutation("contains", _ARRAYS, "yield _counting(sender, Counted(counted.node, 0, counted.least - 1))", "pass"),
    Mutation("minContains", _WORDS, 'least = _count(value, "minContains") if "minContains" in present else 1', "least = 1"),
    Mutation("maxContains", _ARRAYS, "yield _counting(sender, Counted(counted.node, counted.most + 1, None))", "pass"),
    Mutation("properties", _OBJECTS, "if own is theirs or engine.outside(own, theirs) is None:\n        return None\n    node", "if own is not None:\n        return None\n    node"),
    Mutation("required", _OBJECTS, "yield with_member(sender, name, engine.pool.nothing, required=False)", "pass"),
    Mutation("additionalProperties", _WORDS, 'rest = translator.below(value["additionalProperties"], place, "additionalProperties")', "rest = pool.everything"),
    Mutation("additionalProperties", _OBJECTS, "yield from _by_fresh_name(engine, split, receiver, known)", "pass"),
    Mutation("patternProperties", _WORDS, "listed = list(patterns.items()) if isinstance(patterns, dict) else []", "listed = []"),
    Mutation("patternProperties", _WORDS, "                parts.append(values)\n", "                parts.append(pool.everything)\n"),
    Mutation("propertyNames", _WORDS, "((*regions, pool.negation(allowed)), (pool.nothing,)),", "((*regions, pool.negation(allowed)), values),"),
    Mutation("propertyNames", _WORDS, "rules.append((pool.negation(allowed), pool.nothing))", "pass"),
    Mutation("minProperties", _OBJECTS, "yield sender._replace(most=most)", "pass"),
    Mutation("maxProperties", _OBJECTS, "yield sender._replace(least=max(sender.least, receiver.most + 1))", "pass"),
    Mutation("dependentRequired", _WORDS, "frozenset(n for n in wanted if isinstance(n, str)) | {name}", "frozenset((name,))"),
    Mutation("dependencies", _WORDS, '("dependentRequired", "dependentSchemas", "dependencies"):\n        given', '("dependentRequired", "dependentSchemas"):\n        given'),
    Mutation("dependentSchemas", _WORDS, "translator.pool.all_of((present, node))))", "present))"),
    Mutation("allOf", _TRANSLATE, "                    parts += nodes\n", "                    parts += nodes[:1]\n"),
    Mutation("anyOf", _TRANSLATE, "else self.pool.any_of(nodes))", "else self.pool.one_of(nodes))"),
    Mutation("oneOf", _TRANSLATE, "self.pool.one_of(nodes) if exactly", "self.pool.any_of(nodes) if exactly"),
    Mutation("not", _TRANSLATE, 'self.pool.negation(self.beside(value["not"], place.strict(), "not"))', 'self.beside(value["not"], place.strict(), "not")'),
    Mutation("if", _TRANSLATE, 'condition = self.beside(value["if"], place.strict(), "if")', "condition = self.pool.everything"),
    Mutation("then", _TRANSLATE, 'then = self.beside(value.get("then", True), place, "then")', "then = self.pool.everything"),
    Mutation("else", _TRANSLATE, 'other = self.beside(value.get("else", True), place, "else")', "other = self.pool.everything"),
    Mutation("unevaluatedProperties", _UNEVALUATED, "others: tuple[tuple[Node, Node], ...] = ((outside, rest),)", "others: tuple[tuple[Node, Node], ...] = ((outside, pool.everything),)"),
    Mutation("unevaluatedProperties", _UNEVALUATED, "a.names | b.names", "a.names"),
    Mutation("unevaluatedItems", _UNEVALUATED, "pool.any_of((rest, *case.items))", "pool.everything"),
    Mutation("unevaluatedItems", _UNEVALUATED, "(pool.everything,) * case.width", "()"),
    Mutation("$ref", _TRANSLATE, 'parts.append(self.reference(value["$ref"], place))', "pass"),
    Mutation("$ref", _TRANSLATE, 'if "$ref" in value and dialect.lone_ref:\n            return self.reference', 'if "$ref" in value and dialect.lone_ref and len(value) == 1:\n            return self.reference'),
    Mutation("$dynamicRef", _TRANSLATE, "            scope, pointer, value = self._outermost(", "            self._outermost("),
    Mutation("$recursiveRef", _TRANSLATE, '("$recursiveAnchor", True)', '("$recursiveAnchor", None)'),
    Mutation("$anchor", "handles.py", 'for keyword in ("$anchor", "$dynamicAnchor"):', 'for keyword in ("$dynamicAnchor",):'),
    Mutation("nullable", _WORDS, 'names.add("null")', "pass"),
    Mutation("nullable", _WORDS, "[*given, None] if _nullable(value, dialect)", "given if _nullable(value, dialect)"),
    Mutation("discriminator", _TRANSLATE, 'nodes = tagged(self, nodes, listed, value["discriminator"], place)', "pass"),
    Mutation("discriminator", "translation/discriminator.py", "if meeting.barren(pool.all_of((own, tag))):", "if not own:"),
    Mutation("readOnly", _TRANSLATE, '"request": "readOnly"', '"request": "writeOnly"'),
    Mutation("writeOnly", _TRANSLATE, '"response": "writeOnly"', '"response": "readOnly"'),
    Mutation("the contract reading", "search/reading.py", "unsent = wanted - declared - required if plain", "unsent = wanted - wanted if plain"),
    Mutation("the contract reading", "search/reading.py", "plain = declared and not any(self._names_are_data(atom) for atom in own)", "plain = True"),
    Mutation("lists of items", _DIALECTS, '"draft7": Dialect(_DRAFT7, lone_ref=True, tuples=True)', '"draft7": Dialect(_DRAFT7, lone_ref=True)'),
    Mutation("files", _DIALECTS, "lone_ref=True, flags=True, files=True", "lone_ref=True, flags=True"),
    Mutation("contains as evaluation", _DIALECTS, '"2020-12": Dialect(_2020, seen_by_contains=True)', '"2020-12": Dialect(_2020)'),
)  # fmt: skip


def survivors(chosen: list[Mutation], workers: int = 2) -> list[Mutation]:
    """The mutations that no test notices."""
    with ThreadPoolExecutor(workers) as pool:
        noticed = list(pool.map(is_noticed, chosen))
    return [mutation for mutation, seen in zip(chosen, noticed, strict=True) if not seen]


def is_noticed(mutation: Mutation, names: tuple[str, ...] = TESTS) -> bool:
    """Whether a test fails on a copy with the mutation in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            source = ROOT / name
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        path = copy / ENGINE / mutation.file
        path.write_text(mutated(mutation), encoding="utf-8")
        tests = [str(Path("tests") / "schemas" / name) for name in names]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode not in (0, 1):
            raise RuntimeError(
                f"{mutation.keyword} in {mutation.file}: {done.stdout[-800:]}{done.stderr[-400:]}"
            )
        print(
            f"{'noticed' if done.returncode else 'SURVIVED':9}{mutation.keyword}: {mutation.file}", flush=True
        )
        return done.returncode == 1


def mutated(mutation: Mutation) -> str:
    """The text of the file with the mutation; ValueError if its place is not there exactly once."""
    text = (ROOT / ENGINE / mutation.file).read_text(encoding="utf-8")
    if text.count(mutation.text) != 1:
        raise ValueError(f"{mutation.file} has {mutation.text!r} {text.count(mutation.text)} times, not once")
    return text.replace(mutation.text, mutation.broken)


def main() -> int:
    """Try the mutations of these keywords, or all of them."""
    parser = argparse.ArgumentParser(description="Break the row of each keyword and see a test fail.")
    parser.add_argument("keywords", nargs="*")
    wanted = parser.parse_args().keywords
    chosen = [mutation for mutation in MUTATIONS if not wanted or mutation.keyword in wanted]
    left = survivors(chosen)
    print(f"{len(chosen)} mutations, {len(left)} survived")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
