using System.Globalization;
using LocalHost.Durable;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Hosting;

/// <summary>Answers requests while another host runs the task hub: 503 after some patience, in place of a wait without an end.</summary>
internal sealed class HubGate(DurableEngine engine, TimeSpan patience, TimeProvider time)
{
    private const int RetryAfterSeconds = 5;

    /// <summary>Null once the hub is this host's.</summary>
    public async Task<IResult?> RefusalAsync(HttpContext context)
    {
        try
        {
            await engine.WhenReadyAsync(CancellationToken.None).WaitAsync(patience, time, context.RequestAborted);
            return null;
        }
        catch (TimeoutException)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return Results.Json(
                new { message = $"Another host runs the task hub '{engine.Client.Name}': this one waits for its lease. Ask that one, or again later." },
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
