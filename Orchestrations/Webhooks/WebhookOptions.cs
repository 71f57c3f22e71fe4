using System.Text;

namespace Orchestrations.Webhooks;

/// <summary>Whom the app calls when a run concludes or a schedule regresses: settings under <c>Webhook</c>; without a URL nobody is called.</summary>
public sealed record WebhookOptions
{
    public const string Section = "Webhook";

    /// <summary>Fewest bytes of a key.</summary>
    private const int LeastKeyBytes = 16;

    /// <summary>An https address; http is taken only together with <see cref="AllowPrivateAddresses"/>.</summary>
    public string? Url { get; init; }

    /// <summary>What calls are signed with: <c>whsec_</c> and base64, or any text of at least 16 bytes.</summary>
    public string? Key { get; init; }

    /// <summary>Whether the address may be loopback, private or link-local; off by default.</summary>
    public bool AllowPrivateAddresses { get; init; }

    public bool IsSet => !string.IsNullOrWhiteSpace(Url);

    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static WebhookOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(Section).Get<WebhookOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        if (!options.IsSet)
            return options;
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.UserInfo.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && options.AllowPrivateAddresses)))
        {
            throw new InvalidOperationException(
                "Expected the setting Webhook__Url to be an https address without a user name (http only where Webhook__AllowPrivateAddresses is true).");
        }

        if (options.KeyBytes() is not { Length: >= LeastKeyBytes })
            throw new InvalidOperationException($"Expected the setting Webhook__Key, which calls are signed with, to be of at least {LeastKeyBytes} bytes: text, or whsec_ and base64.");
        return options;
    }

    /// <summary>The key's bytes, or null where there is none that can be read.</summary>
    public byte[]? KeyBytes()
    {
        if (string.IsNullOrEmpty(Key))
            return null;
        if (!Key.StartsWith("whsec_", StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(Key);
        try
        {
            return Convert.FromBase64String(Key["whsec_".Length..]);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A key is not for logs.</summary>
    public override string ToString() => IsSet ? $"webhook at {new Uri(Url!).Host}" : "no webhook";
}
