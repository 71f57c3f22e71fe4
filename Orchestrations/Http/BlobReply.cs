using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Orchestrations.Http;

/// <summary>A stored blob as the response.</summary>
public sealed class BlobReply(BlobClient blob, string contentType) : IActionResult
{
    /// <summary>What is sent in place of the stored text; null to send that as it is.</summary>
    public Func<string, string>? Rewritten { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var cancellationToken = context.HttpContext.RequestAborted;
        var response = context.HttpContext.Response;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";
        // The report shows text that models wrote: even if escaping failed, nothing in it may run or load.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
        response.Headers.XContentTypeOptions = "nosniff";
        if (Rewritten is { } rewritten)
        {
            var stored = (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToString();
            await response.WriteAsync(rewritten(stored), cancellationToken);
            return;
        }

        await using var content = await blob.OpenReadAsync(cancellationToken: cancellationToken);
        await content.CopyToAsync(response.Body, cancellationToken);
    }
}
