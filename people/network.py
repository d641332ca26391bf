"""The network address a request comes from, as a keyed hash: enough to count by, too little to know anybody by."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# What a provider hands to one household: all of it is one address.
HOUSEHOLD = 64


def address_behind(request: HttpRequest) -> str:
    """Return the hash of the client's address: IPv4 whole, IPv6 by its first 64 bits.

    The address is the one that our own proxies tell (``TRUSTED_PROXIES``): what a client writes into
    ``X-Forwarded-For`` itself counts for nothing. Requests without any address are one address together.
    """
    try:
        told = get_adapter().get_client_ip(request)
    except PermissionDenied:
        told = ""
    return salted_hmac("people.network", _network(told), algorithm="sha256").hexdigest()


def _network(told: str) -> str:
    if not told:
        return "unknown"
    address = ip_address(told)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), HOUSEHOLD), strict=False))
    return str(address)
