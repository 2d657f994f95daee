"""A version whose data lies in a bucket: what ClearML gets of it, and where its links lead."""

from __future__ import annotations

from tests.clearml.reading import Version
from tests.clearml_server import ClearMLServer
from tests.conftest import SOURCE, Repo
from tests.stores import new_lake, s3

PICTURES = sorted((SOURCE / "dsv_git/demo/images/kaggle/train").glob("*/*.jpg"))[:3]


def test_samples_are_read_from_the_bucket_and_links_lead_there(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    repo = clearml_repo
    with s3() as store:
        repo.env.update(store.env)
        client = new_lake(store)
        for place in PICTURES:
            name = f"pets/{place.parent.name}/{place.name}"
            client.put_object(Bucket="lake", Key=name, Body=place.read_bytes())
        repo.dsv("add", "s3://lake/pets", "--name", "pets", "--labels", "{label}/*")
        store.asked.clear()
        version = Version(server, repo.path, repo.commit("Pets"), "pets", "1.0")
        assert len(version.samples) == 3
        assert {method for method, _ in store.asked} == {"GET"}
        assert len(store.asked) == 3
        links = {one["link"] for one in version.state["dataset_link_entries"]}
        assert links == {f"s3://lake/pets/{one.parent.name}/{one.name}" for one in PICTURES}
        assert version.properties["data_path"] == "s3://lake/pets"

        store.before = lambda _method, _path: 403
        repo.dsv("bump", "pets")
        again = Version(server, repo.path, repo.commit("Again"), "pets", "1.1")
        assert again.samples == {}
        assert again.task["status"] == "completed"
