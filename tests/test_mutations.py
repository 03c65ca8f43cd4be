"""The mutations that show tests to notice a broken importer still fit the importers."""

import pytest

from benchmarks.mutate_importers import IMPORTERS, MUTATIONS, PROJECT, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.file}-{m.old}")
def test_the_text_that_a_mutation_changes_stands_once_in_its_file(mutation: Mutation) -> None:
    text = (PROJECT / IMPORTERS / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    assert mutation.new != mutation.old
    compile(text.replace(mutation.old, mutation.new), mutation.file, "exec")


def test_every_importer_has_a_mutation() -> None:
    files = {path.name for path in (PROJECT / IMPORTERS).glob("*.py")} - {"__init__.py"}
    assert files == {mutation.file for mutation in MUTATIONS}
