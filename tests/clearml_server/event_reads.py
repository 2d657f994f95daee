"""`events.*`: plots, samples and logs read back."""

from __future__ import annotations

from collections import defaultdict

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.errors import ApiError
from tests.clearml_server.store import Json, Store, new_id


def _by_series(events: list[Json], iterations: int) -> list[Json]:
    """The last so many of each metric and variant, in the order of their names."""
    series: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for event in events:
        series[event["metric"], event["variant"]].append(event)
    return [
        event
        for _, mine in sorted(series.items())
        for event in sorted(mine, key=lambda e: -_number(e))[:iterations]
    ]


@endpoint("events.get_task_plots", "1.8")
def get_task_plots(store: Store, question: Question) -> Json:
    """The last plots of a task."""
    task = store.task(question.need("task"), ids=[question.data["task"]])["id"]
    events = store.task_events(task, "plot")
    if wanted := question.data.get("metrics"):
        metrics = {w["metric"] if isinstance(w, dict) else w for w in wanted}
        events = [event for event in events if event["metric"] in metrics]
    found = _by_series(events, question.data.get("iters") or 1)
    return {"plots": found, "returned": len(found), "total": len(events), "scroll_id": None}


@endpoint("events.debug_images", "2.7")
def debug_images(store: Store, question: Question) -> Json:
    """The last samples of tasks; with the `scroll_id` of an answer those before them."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for asked in question.need("metrics"):  # type: ignore[attr-defined]
        wanted[asked["task"]] |= {asked["metric"]} if asked.get("metric") else set()
    scroll = question.data.get("scroll_id") or new_id()
    read = store.scrolls.setdefault(scroll, {})
    found = []
    for task, metrics in wanted.items():
        store.task(task, ids=[task])
        events = _images(store, task, metrics)
        numbers = {_number(event) for event in events}
        earlier = sorted((n for n in numbers if n < read.get(task, n + 1)), reverse=True)
        shown = earlier[: question.data.get("iters") or 1]
        read[task] = min([*shown, read.get(task, 1 << 62)])
        found.append({"iterations": [_iteration(events, n) for n in shown], "task": task})
    return {"metrics": found, "scroll_id": scroll}


def _number(event: Json) -> int:
    return int(event.get("iter") or 0)


def _images(store: Store, task: str, metrics: set[str]) -> list[Json]:
    return [
        event
        for event in store.task_events(task, "training_debug_image")
        if event.get("url") and (not metrics or event["metric"] in metrics)
    ]


def _iteration(events: list[Json], number: int) -> Json:
    mine = [event for event in events if _number(event) == number]
    mine.sort(key=lambda event: (event["metric"], event["variant"]))
    return {"iter": number, "events": mine}


@endpoint("events.get_task_log", "2.9")
def get_task_log(store: Store, question: Question) -> Json:
    """The newest lines of a task's log, the newest first unless `order` is `asc`."""
    task = store.task(question.need("task"), ids=[question.data["task"]])["id"]
    events = sorted(store.task_events(task, "log"), key=lambda event: -event["timestamp"])
    shown = events[: question.data.get("batch_size") or 500]
    if question.data.get("order") == "asc":
        shown.reverse()
    return {"events": shown, "returned": len(shown), "total": len(events)}


@endpoint("events.get_task_events")
def get_task_events(store: Store, question: Question) -> Json:
    """Events of one kind by iteration, a page at a time; a `scroll_id` asks for the next."""
    task = store.task(question.need("task"), ids=[question.data["task"]])["id"]
    scroll = question.data.get("scroll_id")
    if scroll is not None and scroll not in store.scrolls:
        raise ApiError(400, 1104, "Invalid scroll id", scroll_id=scroll)
    scroll = scroll or new_id()
    start = store.scrolls.get(scroll, {}).get(task, 0)
    events = store.task_events(task, question.data.get("event_type"))
    events.sort(key=_number, reverse=question.data.get("order") == "desc")
    shown = events[start : start + (question.data.get("batch_size") or 500)]
    store.scrolls[scroll] = {task: start + len(shown)}
    return {
        "events": shown,
        "returned": len(shown),
        "total": len(events),
        "scroll_id": scroll,
    }
