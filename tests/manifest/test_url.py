"""URLs of places that hold data."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.url import SCHEMES, is_url, parse_url, refuse_credentials, without_credentials

PARTS = st.text("abcXYZ09 _-+%é", min_size=1).filter(lambda part: part not in {".", ".."})


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(SCHEMES), st.lists(PARTS, max_size=4))
def test_a_url_is_read_and_written_alike(scheme: str, parts: list[str]) -> None:
    text = "/".join([f"{scheme}://host", *parts])
    assert str(parse_url(text)) == text
    assert str(parse_url(f"{text}/")) == text
    assert is_url(text)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["s3", "https", "ssh+git"]), st.text(), st.text())
def test_a_password_is_never_shown(scheme: str, user: str, path: str) -> None:
    text = f"{scheme}://{user.replace('/', '')}:hunter2@host/{path}"
    for act in (refuse_credentials, parse_url):
        with pytest.raises(InputError) as caught:
            act(text)
        assert "hunter2" not in str(caught.value)
    assert "hunter2" not in without_credentials(text)


def test_a_token_for_a_user_is_a_credential_and_an_azure_container_is_none() -> None:
    with pytest.raises(InputError, match=r"https://…@host/a has credentials"):
        parse_url("https://token@host/a")
    account = "abfs://container@account.dfs.core.windows.net/pets"
    assert parse_url(account).host == "container@account.dfs.core.windows.net"
    with pytest.raises(InputError, match="has credentials"):
        parse_url("abfs://container:key@account.dfs.core.windows.net/pets")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://host/a", "data is not read from ftp"),
        ("s3://", "names no bucket"),
        ("s3:///a", "names no bucket"),
        ("s3://b/../a", "a part of the URL"),
        ("s3://b//a", "a part of the URL"),
        ("s3://b/a\x1b[2J", "a part of the URL"),
        ("https://h/a?sig=secret", r"has no \? and no #"),
        ("data/pets", "not a URL"),
    ],
)
def test_what_is_no_place_for_data_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        parse_url(text)
    assert "secret" not in str(caught.value)
    assert str(caught.value).replace("\n", "").isprintable()


def test_a_file_on_the_web_is_quoted_and_one_in_a_bucket_is_not() -> None:
    assert parse_url("https://h/a%20b").file("c d/ä#.jpg") == "https://h/a%20b/c%20d/%C3%A4%23.jpg"
    assert parse_url("s3://b/a b").file("c d/ä#.jpg") == "s3://b/a b/c d/ä#.jpg"
