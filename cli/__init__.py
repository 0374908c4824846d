"""The `drydock` command."""


def main() -> None:
    """Runs the command line."""
    import gc

    # A command makes its modules and its plan once and lets go of little: looking for garbage meanwhile costs a tenth of its time.
    gc.set_threshold(50_000, 20, 20)
    from cli.app import app

    app()
