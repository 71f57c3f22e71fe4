using System.Net;
using System.Net.Sockets;

namespace Orchestrations.Outbound;

/// <summary>Makes HTTP handlers that connect to public addresses alone, whatever a name resolves to at that moment.</summary>
/// <remarks>The check is of the very address that is connected to, so that a name that is resolved differently the second time gains nothing.</remarks>
public static class OutboundHandler
{
    /// <param name="allowPrivate">Whether loopback, private and link-local addresses are reachable as well.</param>
    /// <param name="setting">The setting that would allow them, for the refusal.</param>
    /// <param name="resolve">How names become addresses; the system's own way where it is null.</param>
    public static SocketsHttpHandler Create(
        bool allowPrivate, string setting, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new()
        {
            // A redirect or a proxy would lead past the check.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellationToken) =>
                ConnectAsync(context.DnsEndPoint, allowPrivate, setting, resolve ?? Dns.GetHostAddressesAsync, cancellationToken),
        };

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint target, bool allowPrivate, string setting, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancellationToken);
        var allowed = allowPrivate ? addresses : [.. addresses.Where(AddressRules.IsPublic)];
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                $"Expected {target.Host} to have a public address; found {string.Join(", ", addresses.Select(address => address.ToString()))}. To allow others set {setting} to true.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
