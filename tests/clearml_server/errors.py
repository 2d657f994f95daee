"""The API's refusals, worded as the real server words them."""

from __future__ import annotations


class ApiError(Exception):
    """A call that is answered with an HTTP status other than 200."""

    def __init__(
        self, status: int, subcode: int, what: str, detail: str = "", /, **facts: object
    ) -> None:
        """`what` is the subcode's own text, `detail` stands in brackets, `facts` follow a colon."""
        self.status = status
        self.subcode = subcode
        told = ", ".join(f"{name}={_shown(value)}" for name, value in facts.items())
        self.message = what + (f" ({detail})" if detail else "") + (f": {told}" if told else "")
        super().__init__(self.message)


def _shown(value: object) -> str:
    return f"({', '.join(map(str, value))})" if isinstance(value, (list, tuple)) else str(value)


def missing_field(name: str) -> ApiError:
    """A field that must be there."""
    return ApiError(400, 12, "Validation error", f"error for field '{name}'. field is required!")


def bad_choice(name: str, value: object) -> ApiError:
    """A field whose value is not one of the known ones."""
    return ApiError(
        400,
        12,
        "Validation error",
        f"error for field '{name}': value '{value}' is not a valid choice..",
    )


def bad_status(**facts: object) -> ApiError:
    """A version whose status forbids the change."""
    return ApiError(400, 110, "Invalid task status", **facts)


def unknown_task(**facts: object) -> ApiError:
    """No task has this ID."""
    return ApiError(400, 101, "Invalid task id", **facts)


def unknown_project(project: object) -> ApiError:
    """No project has this ID."""
    return ApiError(400, 401, "Invalid project id", id=project)
