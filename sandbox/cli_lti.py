"""``python -m sandbox lti``: set up LTI 1.3, for schools' systems."""

import click

from sandbox.cli_desk import Desk


@click.group()
def lti() -> None:
    """Schools' systems (LTI 1.3): make the key and a sample of the settings, check them."""


@lti.command()
@click.pass_obj
def init(desk: Desk) -> int:
    """Make the key of this server and a sample of lti.toml in the data folder; what is there is left alone."""
    from sandbox.lti import keys, settings

    desk.data.mkdir(parents=True, exist_ok=True)
    key, file = desk.data / settings.KEY, desk.data / settings.FILE
    if key.exists():
        click.echo(f"{key} is there already")
    else:
        keys.make(key)
        click.echo(f"{key}: the private key of this server, readable by you only")
    if file.exists():
        click.echo(f"{file} is there already")
    else:
        file.write_text(settings.SAMPLE, encoding="utf-8")
        click.echo(f"{file}: a sample. Fill it in, then: python -m sandbox lti check")
    return 0


@lti.command()
@click.pass_obj
def check(desk: Desk) -> int:
    """Read lti.toml and the key; print each problem with its place, or what the school's system has to be told."""
    from sandbox.lti import keys, settings

    try:
        found = settings.read(desk.data)
        if found is None:
            missing = desk.data / settings.FILE
            raise click.ClickException(f"there is no {missing}; `python -m sandbox lti init` makes one")
        keys.read(desk.data / settings.KEY)
    except settings.Wrong as error:
        for problem in error.problems:
            click.echo(problem)
        return 1
    except ValueError as error:
        click.echo(str(error))
        return 1
    for words, path in settings.ADDRESSES.items():
        click.echo(f"{words + ':':<26}{found.address}{path}")
    for one in found.platforms:
        trust = "its instructors teach here" if one.instructors else "its instructors are nobody here by that alone"
        where = f"{one.issuer}, client {one.client_id}, deployments {', '.join(one.deployments)}"
        click.echo(f"{one.name}: {where}; {trust}")
    return 0
