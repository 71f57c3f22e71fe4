using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;

namespace LocalHost.Http;

/// <summary>The durable extension's own HTTP API: it answers, this only carries.</summary>
internal static class ManagementEndpoints
{
    public const string Path = "/runtime/webhooks/durabletask";

    public static async Task AnswerAsync(IAsyncConverter<HttpRequestMessage, HttpResponseMessage> extension, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        using var request = new HttpRequestMessage(new(context.Request.Method), context.Request.GetEncodedUrl());
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var response = await extension.ConvertAsync(request, cancellationToken);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()))
        {
            if (name is not ("Transfer-Encoding" or "Content-Length"))
                context.Response.Headers[name] = values.ToArray();
        }

        if (response.Content is not null)
            await response.Content.CopyToAsync(context.Response.Body, cancellationToken);
    }
}

/// <summary>Tells the durable extension where its API is, with the key that opens it.</summary>
#pragma warning disable CS0618 // The only way in which an extension learns its address.
internal sealed class ManagementAddress(Uri front, HostKeys keys) : IWebHookProvider
#pragma warning restore CS0618
{
    public Uri GetUrl(IExtensionConfigProvider extension) => new(front, $"{ManagementEndpoints.Path}?code={Uri.EscapeDataString(keys.Durable)}");
}
