using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrations.Webhooks;

/// <summary>One try of a call; anything but 2xx within ten seconds is a failure.</summary>
public sealed class SendWebhook(WebhookOptions options, WebhookClient client, TimeProvider clock)
{
    /// <summary>Gives the status that the call was answered with.</summary>
    [Function(nameof(SendWebhook))]
    public async Task<int> Run([ActivityTrigger] WebhookMessage message, CancellationToken cancellationToken)
    {
        if (!options.IsSet)
            throw new InvalidOperationException("Expected the setting Webhook__Url; it is no longer set.");
        var body = JsonSerializer.SerializeToUtf8Bytes(message, WebhooksJson.Default.WebhookMessage);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, message.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(options.KeyBytes()!, message.Id, now, body));
        // What the other side answers with beyond its status is neither read nor kept.
        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode
            ? (int)response.StatusCode
            : throw new HttpRequestException($"Expected the webhook to answer 2xx; it answered {(int)response.StatusCode}.");
    }
}

/// <summary>The connections to the webhook: to public addresses alone, unless <c>Webhook__AllowPrivateAddresses</c>.</summary>
public sealed class WebhookClient(WebhookOptions options) : IDisposable
{
    public HttpClient Http { get; } = new(Outbound.OutboundHandler.Create(options.AllowPrivateAddresses, "Webhook__AllowPrivateAddresses"))
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public void Dispose() => Http.Dispose();
}
