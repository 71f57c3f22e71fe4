using System.Security.Cryptography;
using System.Text;

namespace Orchestrations.Webhooks;

/// <summary>Signatures as the Standard Webhooks specification (v1) has them: <c>v1,</c> and the base64 of HMAC-SHA256 over id, time and body.</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <param name="key">The shared key.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="unixSeconds">When this try was made; receivers refuse old ones.</param>
    /// <param name="body">The very bytes that are sent.</param>
    public static string Of(byte[] key, string id, long unixSeconds, ReadOnlySpan<byte> body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Signed(id, unixSeconds, body)))}";

    private static byte[] Signed(string id, long unixSeconds, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes(FormattableString.Invariant($"{id}.{unixSeconds}.")), .. body];
}
