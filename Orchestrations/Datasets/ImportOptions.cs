namespace Orchestrations.Datasets;

/// <summary>Where data sets may be imported from: settings under <c>Datasets</c>.</summary>
public sealed record ImportOptions
{
    public const string Section = "Datasets";

    /// <summary>Hosts by their whole names, separated by commas; none by default, so that no import by URL works until it is wanted.</summary>
    public string AllowedHosts { get; init; } = "";

    /// <summary>Largest data set, in bytes; 256 MiB by default.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Whether an allowed host may have a loopback, private or link-local address and may be asked over http; off by default.</summary>
    public bool AllowPrivateAddresses { get; init; }

    public IReadOnlyList<string> Hosts => AllowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <exception cref="InvalidOperationException">A setting cannot be read; the message names it.</exception>
    public static ImportOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(Section).Get<ImportOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        if (options.MaxBytes <= 0)
            throw new InvalidOperationException($"Expected the setting Datasets__MaxBytes to be positive, found {options.MaxBytes}.");
        return options.Hosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } wrong
            ? throw new InvalidOperationException($"Expected the setting Datasets__AllowedHosts to hold host names separated by commas, found '{wrong}'.")
            : options;
    }

    /// <summary>Why the address is refused, or null where it is not.</summary>
    public string? Refusal(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !(AllowPrivateAddresses && url.Scheme == Uri.UriSchemeHttp))
            return $"Expected an https address, found {url.Scheme}.";
        if (url.UserInfo.Length > 0)
            return "Expected an address without a user name.";
        if (!url.IsDefaultPort && !AllowPrivateAddresses)
            return $"Expected the port of https, found {url.Port}.";
        return Hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"Expected a host of the setting Datasets__AllowedHosts ({(Hosts.Count == 0 ? "it is empty" : string.Join(", ", Hosts))}), found {url.IdnHost}.";
    }
}
