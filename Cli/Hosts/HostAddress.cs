using Cli.Terminal;

namespace Cli.Hosts;

/// <summary>Where the HTTP API is, and the key for it.</summary>
/// <param name="Url">The host's address, without <c>/api</c>.</param>
/// <param name="Key">The function key.</param>
/// <param name="StorageConnection">The storage of the host of this checkout; null where a host was named.</param>
internal sealed record HostAddress(Uri Url, string Key, string? StorageConnection = null)
{
    /// <summary>Holds the key of a host that is named.</summary>
    public const string KeyVariable = "CURRICULUM_KEY";

    /// <summary>Names a host, as <c>--url</c> does.</summary>
    public const string UrlVariable = "CURRICULUM_URL";

    /// <summary>The host that is named, or the one that runs in this checkout.</summary>
    /// <param name="named">The value of <c>--url</c>.</param>
    /// <param name="data">The checkout's folder of local data.</param>
    /// <param name="ask">Asks a person for the key; null where nobody can be asked.</param>
    public static async Task<HostAddress> FindAsync(
        string? named, string data, Func<CancellationToken, Task<string>>? ask, CancellationToken cancellationToken)
    {
        named ??= Variable(UrlVariable);
        return named is null ? await OfCheckoutAsync(data, cancellationToken) ?? throw CommandException.NoHost(
                $"No host runs in this checkout: start one with the command 'start', or name one with --url (or {UrlVariable}).")
            : new(Read(named), Variable(KeyVariable) ?? (ask is null
                ? throw CommandException.NoHost($"Expected the key of {named} in the environment variable {KeyVariable}, found none.")
                : await ask(cancellationToken)));
    }

    /// <summary>The host that a launcher of this checkout runs; null where there is none.</summary>
    public static async Task<HostAddress?> OfCheckoutAsync(string data, CancellationToken cancellationToken)
    {
        var (url, key, storage) = (Path.Combine(data, "host.url"), Path.Combine(data, "host.key"), Path.Combine(data, "storage.connection"));
        return File.Exists(url) && File.Exists(key)
            ? new(
                new(await File.ReadAllTextAsync(url, cancellationToken)), await File.ReadAllTextAsync(key, cancellationToken),
                File.Exists(storage) ? await File.ReadAllTextAsync(storage, cancellationToken) : null)
            : null;
    }

    private static Uri Read(string named) =>
        Uri.TryCreate(named.EndsWith('/') ? named : $"{named}/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw CommandException.Refused($"Expected an http or https address, such as https://my-app.azurewebsites.net; found '{named}'.");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
