using System.Net;

namespace Orchestrations.Outbound;

/// <summary>Which addresses are of the public internet: what the app calls for others may go nowhere else.</summary>
/// <remarks>The special-purpose registries of IANA (RFC 6890 and its updates), Azure's own 168.63.129.16, and IPv4 addresses inside IPv6 ones.</remarks>
public static class AddressRules
{
    private static readonly IPNetwork[] Refused =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "64:ff9b:1::/48",
        ]).Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (Refused.Any(network => network.Contains(address)))
            return false;
        var bytes = address.GetAddressBytes();
        return Nat64.Contains(address) ? IsPublic(new(bytes.AsSpan(12, 4)))
            : !SixToFour.Contains(address) || IsPublic(new(bytes.AsSpan(2, 4)));
    }
}
