"""`python -m dsv_git`: what the hooks call with the interpreter that `dsv init` remembered."""

from dsv_git.cli.main import run

if __name__ == "__main__":
    run()
