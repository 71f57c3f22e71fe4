using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Telemetry;

/// <summary>Stands where Azure Monitor takes telemetry in, and keeps what it is sent.</summary>
internal sealed class AzureMonitorReceiver : IAsyncDisposable
{
    /// <summary>The exporter sends measurements once a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    private readonly WebApplication _app;

    private AzureMonitorReceiver(WebApplication app) => _app = app;

    /// <summary>The items: each has <c>name</c>, <c>tags</c> and <c>data.baseData</c>.</summary>
    public ConcurrentQueue<JsonNode> Items { get; } = [];

    /// <summary>For <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>.</summary>
    public string ConnectionString =>
        $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/";

    public static async Task<AzureMonitorReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        AzureMonitorReceiver receiver = new(builder.Build());
        receiver._app.Urls.Add("http://127.0.0.1:0");
        receiver._app.MapPost("/{version}/track", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Measurements by name, with the role that sent them.</summary>
    public IEnumerable<(string Name, string Role)> Measurements() => Items
        .Where(item => (string?)item["data"]?["baseType"] == "MetricData")
        .SelectMany(item => item["data"]!["baseData"]!["metrics"]!.AsArray().Select(metric => ((string)metric!["name"]!, Role(item))));

    /// <summary>Spans and lines of an item of work, with the role that sent them.</summary>
    public IEnumerable<(string Type, string Role)> Of(string item) => Items
        .Where(sent => (string?)sent["data"]?["baseData"]?["properties"]?["curriculum.item"] == item)
        .Select(sent => ((string)sent["data"]!["baseType"]!, Role(sent)));

    public async Task WaitAsync(string what, Func<bool> isThere)
    {
        var started = Stopwatch.StartNew();
        while (!isThere())
        {
            if (started.Elapsed > Limit)
                throw new TimeoutException($"Expected {what} within {Limit.TotalSeconds:0} s; there are: {string.Join(", ", Measurements().Distinct().Order())}.");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string Role(JsonNode item) => (string?)item["tags"]?["ai.cloud.role"] ?? "";

    private async Task TakeAsync(HttpContext http)
    {
        await using var body = http.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        using StreamReader reader = new(body);
        var count = 0;
        while (await reader.ReadLineAsync(http.RequestAborted) is { } line)
        {
            Items.Enqueue(JsonNode.Parse(line)!);
            count++;
        }

        await http.Response.WriteAsJsonAsync(new JsonObject { ["itemsReceived"] = count, ["itemsAccepted"] = count, ["errors"] = new JsonArray() }, http.RequestAborted);
    }
}
