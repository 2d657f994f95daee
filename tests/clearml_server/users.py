"""`auth.*`, `users.*` and the few questions about the server itself."""

from __future__ import annotations

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.login import API_VERSION, SERVER_VERSION
from tests.clearml_server.store import COMPANY, USER, Json, Store


@endpoint("auth.login")
def login(store: Store, question: Question) -> Json:
    """A token."""
    return {"token": question.login()}


@endpoint("users.get_current_user")
def get_current_user(store: Store, question: Question) -> Json:
    """Who asks."""
    return {"user": {"id": USER, "name": USER, "company": {"id": COMPANY, "name": "tests"}}}


@endpoint("models.get_all")
def get_models(store: Store, question: Question) -> Json:
    """No models: the SDK asks for a task's before it deletes the task."""
    return {"models": []}


@endpoint("server.info")
def info(store: Store, question: Question) -> Json:
    """The server's versions."""
    return {"version": SERVER_VERSION, "api_version": API_VERSION}


@endpoint("debug.ping")
def ping(store: Store, question: Question) -> Json:
    """The server lives."""
    return {"msg": "ClearML server"}
