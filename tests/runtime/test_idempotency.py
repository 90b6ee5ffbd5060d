"""A key is one request's, however many ask for it at once."""

from __future__ import annotations

import asyncio

import pytest
from runtime.server.idempotency import IdempotencyStore, Kept
from runtime.server.problems import Failure

_AT_ONCE = 40


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{}/keys.db"])
def test_of_many_at_once_one_gets_the_key(tmp_path, url):
    store = IdempotencyStore(url.format(tmp_path))

    async def ask(key):
        asked = [store.begin(key, "POST /payments", b"{}") for _ in range(_AT_ONCE)]
        return await asyncio.gather(*asked, return_exceptions=True)

    for number in range(5):
        outcomes = asyncio.run(ask(f"key {number}"))
        assert sum(isinstance(one, tuple) and one[1] is None for one in outcomes) == 1
        refused = [one for one in outcomes if not isinstance(one, tuple)]
        assert {type(one) for one in refused} == {Failure}
        assert {one.status for one in refused} == {409}
    store.close()


def test_what_was_answered_is_given_again_and_errors_free_the_key():
    async def run():
        store = IdempotencyStore("sqlite://")
        digest, known = await store.begin("one", "POST /payments", b"{}")
        assert known is None
        await store.end(digest, Kept(201, {"location": "/payments/1"}, b"1"))
        assert await store.begin("one", "POST /payments", b"{}") == (
            digest,
            Kept(201, {"location": "/payments/1"}, b"1"),
        )
        with pytest.raises(Failure) as caught:
            await store.begin("one", "POST /payments", b"[]")
        assert caught.value.status == 422
        digest, known = await store.begin("one", "POST /refunds", b"[]")
        assert known is None
        await store.end(digest, None)
        assert (await store.begin("one", "POST /refunds", b"[]"))[1] is None
        store.close()

    asyncio.run(run())
