"""``python -m sandbox``: for instructors, scripts and tests. Described in the README; stable.

Exit codes: 0 fine, 1 problems found, 2 wrong usage. Errors go to standard error, one line each.
"""

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

import click

from sandbox import __version__, checker, claims, cli_cases, cli_codes, cli_lti, cli_pay, cli_store, cli_upkeep, rules
from sandbox.cli_desk import ROOT, Desk, cases_option, data_option, one_line_errors
from sandbox.codes.codeset import CodeSet, Damaged
from sandbox.encounter import Claim
from sandbox.findings import Severity

_LEVELS: Final = ("error", "warning", "note")
_UTF8: Final = click.File(encoding="utf-8-sig", errors="surrogateescape")
"""Bytes that are not UTF-8 come as lone surrogates, so that :func:`_read` can blame the one line they stand in."""


def main() -> None:
    """Run the command line; whatever goes wrong is one line on standard error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # UTF-8 on every system; and half a character, which JSON allows, must not end a run of many claims.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    one_line_errors(commands)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@click.version_option(__version__, prog_name="sandbox")
@click.pass_context
def commands(context: click.Context, data: Path) -> None:
    """Check claims, grade them against a case, look up codes, lint case files."""
    context.obj = Desk(data)


def _known(context: click.Context, option: click.Parameter, ids: tuple[str, ...]) -> frozenset[str]:
    """The rules that ``--also`` names."""
    named = frozenset(id.upper() for id in ids)
    if strange := sorted(named - rules.RULES.keys()):
        raise click.BadParameter(f"there is no rule {', '.join(strange)}", context, option)
    return named


@commands.command()
@click.argument("file", type=_UTF8, default="-")
@click.option("--ndjson", is_flag=True, help="One claim a line; one result a line, in the same order.")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="json", help="For programs or people.")
@click.option("--no-payment", is_flag=True, help="Leave out the MS-DRG.")
@click.option("--lines", is_flag=True, help="What becomes of the MS-DRG without each line.")
@click.option("--hcc", is_flag=True, help="CMS-HCC V28: each diagnosis's HCC, and the risk score.")
@cli_pay.segment
@click.option("--also", multiple=True, metavar="RULE", callback=_known, help="Run a rule that is off by default.")
@click.pass_obj
def check(
    desk: Desk, /, file: IO[str], ndjson: bool, form: str, no_payment: bool, also: frozenset[str], **asked: Any
) -> int:
    """Check a claim (JSON) by the rules of its code sets, without any answer key."""
    codes = desk.codes()
    judge = _judge(codes, cli_pay.asker(codes, drg=not no_payment, **asked), also)
    worst = 0
    for result in _results(_read(file, ndjson), judge):
        click.echo(_as_text(result) if form == "text" else json.dumps(result, ensure_ascii=False))
        if "error" in result and not ndjson:
            raise click.ClickException(f"{_called(file)}: {result['error']}")
        worst = max(worst, int(_is_bad(result)))
    return worst


@commands.command()
@click.argument("case_id")
@click.argument("file", type=_UTF8, default="-")
@cases_option
@click.pass_obj
def grade(desk: Desk, case_id: str, file: IO[str], folder: Path) -> int:
    """Grade a claim (JSON: diagnoses and procedures) against the key of a case, and print the report."""
    from sandbox.cases.library import Library
    from sandbox.judge import judge
    from sandbox.payment import Payer

    found = Library(folder).get(case_id)
    if found is None:
        listed = f"python -m sandbox cases list --cases {folder}"
        raise click.ClickException(f"no case {case_id!r} in {folder}; `{listed}` shows them")
    codes = desk.codes()
    value = next(_read(file, ndjson=False))
    try:
        if isinstance(value, claims.ClaimError):
            raise value
        claim = claims.for_encounter(found.case.encounter(), value)
    except claims.ClaimError as error:
        raise click.ClickException(f"{_called(file)}: {error}") from error
    with Payer(codes) as payer:
        report = judge(found, claim, codes, payer)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    return int(report.score < 1)


def _read(file: IO[str], ndjson: bool) -> Iterator[object]:
    """The claims of a file as JSON values; a line that is no JSON comes as the error itself."""
    texts: Iterable[str] = file if ndjson else [file.read()]
    for number, text in enumerate(texts, 1):
        if not text.strip():
            if not ndjson:
                yield claims.ClaimError("empty; there is no claim in it")
            continue
        where = f"line {number}: " if ndjson else ""
        try:
            text.encode()
            value = json.loads(text)
            if ndjson and not isinstance(value, dict):
                value = claims.ClaimError(f"{where}{claims.NO_CLAIM}")
            yield value
        except UnicodeEncodeError:
            yield claims.ClaimError(f"{where}not UTF-8")
        except RecursionError:
            yield claims.ClaimError(f"{where}not a claim: brackets within brackets without end")
        except ValueError as error:
            yield claims.ClaimError(f"{where}not JSON ({error})")


def _called(file: IO[str]) -> str:
    return "standard input" if file.name in ("-", "<stdin>") else str(file.name)


def _results(values: Iterable[object], judge: Callable[[Claim], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for value in values:
        id = value.get("id", "") if isinstance(value, dict) else ""
        try:
            if isinstance(value, claims.ClaimError):
                raise value
            yield {"id": id, **judge(claims.from_json(value))}
        except claims.ClaimError as error:
            yield {"id": id, "error": str(error)}


def _judge(
    codes: CodeSet, pay: Callable[[Claim], dict[str, Any]], also: frozenset[str]
) -> Callable[[Claim], dict[str, Any]]:
    """A function claim → result. A rule that crashes is named in the result and in the log; the others still speak."""

    def judge(claim: Claim) -> dict[str, Any]:
        crashed: list[str] = []

        def note(rule: checker.Rule, claim: Claim) -> None:
            if isinstance(sys.exception(), Damaged):
                raise  # not the rule's fault: the code sets cannot be read, and no other rule will fare better
            checker.log_crash(rule, claim)
            crashed.append(rule.id)

        findings = rules.check(claim, codes, also=also, on_crash=note)
        result: dict[str, Any] = {"findings": [f.as_json() for f in findings]}
        if crashed:
            result["not_judged"] = crashed
        if notes := rules.unseen(claim, codes, findings):
            result["notes"] = notes
        return result | pay(claim)

    return judge


def _is_bad(result: dict[str, Any]) -> bool:
    grave = (Severity.ERROR.value, Severity.WARNING.value)
    return "error" in result or "not_judged" in result or any(f["severity"] in grave for f in result["findings"])


def _as_text(result: dict[str, Any]) -> str:
    title = f"{result['id']}: " if result["id"] else ""
    if "error" in result:
        return f"{title}not read: {result['error']}"
    lines = [
        f"{title}{f['severity']} {f['rule']} {' '.join(f['codes'])}: {f['message']} [{f['citation']}]"
        for f in result["findings"]
    ]
    if failed := result.get("not_judged"):
        lines.append(f"{title}not judged: {', '.join(failed)} failed, which says nothing about the claim")
    lines = lines or [f"{title}nothing to say"]
    lines += [f"{title}{line}" for line in cli_pay.as_text(result)]
    lines += [f"{title}{note}" for note in result.get("notes", ())]
    return "\n".join(lines)


@commands.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or programs.")
@click.option("--level", type=click.Choice(_LEVELS), default="note", help="Show this level and what is graver.")
@click.pass_obj
def lint(desk: Desk, paths: tuple[Path, ...], form: str, level: str) -> int:
    """Does a case deserve a learner? Its form, its quotes, its key through the rules, its privacy."""
    from sandbox.cases.library import files
    from sandbox.lint import lint_paths

    home = Path(os.path.relpath(ROOT / "cases")) if ROOT.is_relative_to(Path.cwd()) else ROOT / "cases"
    empty = [path for path in paths if path.is_dir() and not any(files(path))]
    if empty:
        raise click.UsageError(f"no case file (.yaml, .yml) below {empty[0]}")
    problems = lint_paths(paths or (home,), desk.codes())
    shown = [problem for problem in problems if _LEVELS.index(problem.level) <= _LEVELS.index(level)]
    if form == "json":
        click.echo(json.dumps([asdict(problem) for problem in shown], ensure_ascii=False, indent=2))
    else:
        for problem in shown:
            click.echo(str(problem))
    return int(any(problem.level == "error" for problem in problems))


commands.add_command(cli_codes.codes)


commands.add_command(cli_cases.cases)
commands.add_command(cli_upkeep.command)
commands.add_command(cli_lti.lti)
for command in cli_store.COMMANDS:
    commands.add_command(command)


def serve() -> None:
    """``python run.py``: see :mod:`sandbox.server`."""
    from sandbox.server import run

    one_line_errors(run)
