"""Which address a request counts as: told by our proxies alone, hashed, a household's IPv6 as one."""

import pytest
from django.test import RequestFactory

from people.network import address_behind


def address(remote: str = "10.0.0.1", **headers: str) -> str:
    return address_behind(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


def test_the_address_itself_is_nowhere_to_be_read():
    assert "203.0.113.7" not in address("203.0.113.7")
    assert len(address("203.0.113.7")) == 64


def test_the_hash_is_keyed(settings):
    before = address("203.0.113.7")
    settings.SECRET_KEY = "another-key"

    assert address("203.0.113.7") != before


def test_neighbours_count_apart_and_a_household_of_ipv6_counts_as_one():
    assert address("203.0.113.7") != address("203.0.113.8")
    assert address("2001:db8:1:2:aaaa::1") == address("2001:db8:1:2:bbbb::9")
    assert address("2001:db8:1:2::1") != address("2001:db8:1:3::1")
    assert address("::ffff:203.0.113.7") == address("203.0.113.7")


def test_without_a_proxy_of_ours_what_a_client_says_of_itself_counts_for_nothing(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0

    assert address("203.0.113.7", x_forwarded_for="198.51.100.1") == address("203.0.113.7")


@pytest.mark.parametrize("forged", ["", "198.51.100.1, ", "1.1.1.1, 2.2.2.2, "])
def test_behind_one_proxy_only_what_it_wrote_last_counts(settings, forged):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert address(x_forwarded_for=f"{forged}203.0.113.7") == address("203.0.113.7")


def test_requests_without_an_address_are_limited_together():
    assert address("") == address("")
    assert address("") != address("203.0.113.7")
