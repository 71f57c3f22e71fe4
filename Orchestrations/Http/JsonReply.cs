using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Orchestrations.Http;

/// <summary>A JSON response that needs no formatter of the framework's.</summary>
public sealed class JsonReply<T>(int status, T body, JsonTypeInfo<T> type, string contentType = "application/json") : IActionResult
{
    public string? Location { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        response.ContentType = $"{contentType}; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (Location is { } location)
            response.Headers.Location = location;
        if (RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, type), context.HttpContext.RequestAborted);
    }
}
