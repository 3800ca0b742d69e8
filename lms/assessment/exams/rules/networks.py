"""Address ranges from which an exam may be started."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class NoNetwork(ValueError):
    """What was typed is no address and no range; `args[0]` is it."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Addresses and ranges parted by blanks, commas or lines: 10.20.0.0/16, 203.0.113.7, 2001:db8::/32. Raises NoNetwork."""
    found = []
    for part in text.replace(",", " ").replace(";", " ").split():
        try:
            found.append(ip_network(part, strict=False))
        except ValueError as wrong:
            raise NoNetwork(part) from wrong
    return tuple(found)


def is_inside(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address lies in one of the ranges; with no range any does. An IPv4 address in IPv6 clothes counts as itself."""
    if not networks:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)
