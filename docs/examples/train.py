"""Trains a small classifier on a version of a dataset, and says so in its ClearML task.

    python train.py all

The pictures become 16 x 16 thumbnails, the model is a softmax regression: enough to tell a rocket
from a cup of coffee, and everything that a real training has to do with its data is here.
"""

import sys

import numpy as np
from clearml import Task
from PIL import Image

import dsv_git

SIDE, STEPS, RATE = 16, 300, 0.5

task = Task.init(project_name="Vision", task_name="pets: softmax regression")

# The version that the working tree holds: registered, and its data as the manifest says. From here
# on the task's page names it, and `dsv show all --used-by` names the task.
data = dsv_git.load(sys.argv[1] if len(sys.argv) > 1 else "all").use(task)
print(f"training on {data.name}@{data.version} = {data.id}")

classes = sorted(data.stats.images)


def pictures(split: str) -> tuple[np.ndarray, np.ndarray]:
    """The pictures of a split as rows of numbers from -1 to 1, and each one's class."""
    rows, answers = [], []
    for entry in data:
        if entry.split == split and isinstance(entry.label, str):
            with Image.open(data.path(entry)) as image:
                small = image.convert("RGB").resize((SIDE, SIDE))
            rows.append(np.asarray(small, dtype=np.float64).ravel() / 127.5 - 1)
            answers.append(classes.index(entry.label))
    return np.array(rows), np.array(answers)


def scores(x: np.ndarray) -> np.ndarray:
    """The probability of each class."""
    z = x @ weights + bias
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


x, y = pictures("train")
wanted = np.eye(len(classes))[y]
weights, bias = np.zeros((x.shape[1], len(classes))), np.zeros(len(classes))
logger = task.get_logger()
for step in range(STEPS):
    found = scores(x)
    error = (found - wanted) / len(x)
    weights -= RATE * (x.T @ error) / SIDE
    bias -= RATE * error.sum(axis=0)
    if step % 100 == 0:
        loss = -np.log(found[np.arange(len(y)), y] + 1e-12).mean()
        logger.report_scalar("loss", "train", value=float(loss), iteration=step)

x, y = pictures("val")
right = int((scores(x).argmax(axis=1) == y).sum())
logger.report_scalar("accuracy", "val", value=right / len(y), iteration=STEPS)
print(f"{len(classes)} classes, {right} of {len(y)} right in val")
task.close()
