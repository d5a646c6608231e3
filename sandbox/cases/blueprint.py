"""The blueprint of a practice exam: what a paper is made of, as ``cases/exams/<id>.yaml`` says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from sandbox.cases.fields import Part, Setting
from sandbox.cases.library import EXAMS, SUFFIXES, CaseFile
from sandbox.cases.nodes import Tree, compose
from sandbox.cases.reader import MOST_BYTES, Problem, complaints, decoded


class Cases(Part):
    """Which cases of the library a domain draws from; what is not named does not matter."""

    settings: tuple[Setting, ...] = ()
    """Settings of the encounter."""
    specialties: tuple[str, ...] = ()
    """Specialties, as the cases name them."""
    difficulty: tuple[Annotated[int, Field(ge=1, le=5)], Annotated[int, Field(ge=1, le=5)]] = (1, 5)
    """The easiest and the hardest."""

    def has(self, file: CaseFile) -> bool:
        """Whether a case is one of them; drafts never are."""
        case = file.case
        return (
            case.status == "ready"
            and (not self.settings or case.setting in self.settings)
            and (not self.specialties or case.specialty in self.specialties)
            and self.difficulty[0] <= case.difficulty <= self.difficulty[1]
        )


class Domain(Part):
    """A part of the paper, which the report tells by itself."""

    name: Annotated[str, Field(min_length=3, max_length=60)]
    """What it examines."""
    weight: Annotated[int, Field(ge=1, le=1000)]
    """Its share of the result, beside the weights of the others."""
    items: Annotated[int, Field(ge=1, le=60)]
    """The number of questions."""
    cases: Cases | None = None
    """The questions are encounters: chart, first-listed or principal diagnosis, then all further codes."""
    drills: tuple[str, ...] = ()
    """The questions are drills of these kinds."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "Domain":
        if (self.cases is None) == (not self.drills):
            raise ValueError("a domain draws either from cases or from drills: give one of the two")
        return self


class Blueprint(Part):
    """A practice exam, of which every learner draws a paper of their own."""

    title: Annotated[str, Field(min_length=3, max_length=90)]
    """What it is called."""
    about: Annotated[str, Field(min_length=1, max_length=600)]
    """What it is like, for whoever is about to begin."""
    minutes: Annotated[int, Field(ge=1, le=600)]
    """How long a paper may take."""
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    """Percent of the whole from which on it is passed."""
    domains: Annotated[tuple[Domain, ...], Field(min_length=1, max_length=20)]
    """Its parts, in the order in which they are asked."""

    @property
    def items(self) -> int:
        """The number of questions of a paper."""
        return sum(domain.items for domain in self.domains)

    @property
    def weight(self) -> int:
        """All weights together."""
        return sum(domain.weight for domain in self.domains)


@dataclass(frozen=True)
class Plan:
    """A blueprint's file as it was read; ``blueprint`` is None where it has problems that leave none."""

    id: str
    path: str
    tree: Tree
    blueprint: Blueprint | None
    problems: tuple[Problem, ...] = ()


def read(path: Path, shown: str) -> Plan:
    """The blueprint of a file, or what is wrong with it."""
    try:
        with path.open("rb") as file:
            text = decoded(file.read(MOST_BYTES + 1), shown)
    except OSError as error:
        text = Problem(shown, 1, 1, f"cannot be read: {error.strerror}")
    if isinstance(text, Problem):
        return Plan(path.stem, shown, Tree(), None, (text,))
    tree = compose(text)
    problems = [Problem(shown, *mark, message) for mark, message in tree.faults]
    blueprint = None
    if tree.data is not None:
        try:
            blueprint = Blueprint.model_validate(tree.data)
        except ValidationError as error:
            problems += complaints(shown, tree, error, Blueprint)
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return Plan(path.stem, shown, tree, None if problems else blueprint, tuple(problems))


def plans(root: Path) -> Iterator[Plan]:
    """The blueprints of a folder of cases, in the order of their names."""
    folder = root / EXAMS
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix in SUFFIXES and not path.name.startswith(".") and path.is_file():
                yield read(path, f"{root.name}/{EXAMS}/{path.name}")
