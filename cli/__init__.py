"""The `drydock` command."""


def main() -> None:
    """Runs the command line."""
    from cli.app import app

    app()
