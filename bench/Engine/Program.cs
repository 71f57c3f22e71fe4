// The embedded durable engine over Azurite, beside what Azurite itself takes for one durable write in the same run.
// Usage: dotnet run --project bench/Engine -c Release
using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using EngineBench;
using LocalHost.Durable;
using Microsoft.DurableTask;
using Testing;

const int Rounds = 15;
await using var azurite = await AzuriteServer.StartAsync();
BlobServiceClient blobs = new(azurite.ConnectionString);
await using DurableEngine engine = new(new() { HubName = "bench", Blobs = blobs }, new EchoApp());
await engine.StartAsync(CancellationToken.None);
await engine.WhenReadyAsync(CancellationToken.None);

await RunAsync("Fan", "warm-fan", 499_500);
await RunAsync("Chain", "warm-chain", EchoApp.Length);
var write = await WriteAsync();
var fan = await MedianAsync(i => RunAsync("Fan", $"fan-{i}", 499_500));
var chain = await MedianAsync(i => RunAsync("Chain", $"chain-{i}", EchoApp.Length));

Say($"one durable write to Azurite (append of 200 bytes): {write.TotalMilliseconds:0.0} ms");
Say($"fan-out of {EchoApp.Width}: {fan.TotalMilliseconds:0} ms, {EchoApp.Width / fan.TotalSeconds:0} activities/s; {fan / write:0} writes' time, where a write per activity would be {EchoApp.Width}");
Say($"chain of {EchoApp.Length}: {chain.TotalMilliseconds:0} ms; {chain / write:0.0} writes' time, where one before each action and one after its result is {2 * EchoApp.Length}");

async Task<TimeSpan> WriteAsync()
{
    var container = blobs.GetBlobContainerClient("limit");
    await container.CreateIfNotExistsAsync();
    var blob = container.GetAppendBlobClient("appends");
    await blob.CreateAsync();
    var block = new byte[200];
    var took = new List<TimeSpan>();
    for (var i = 0; i < 200; i++)
    {
        using MemoryStream content = new(block);
        var began = Stopwatch.GetTimestamp();
        await blob.AppendBlockAsync(content);
        took.Add(Stopwatch.GetElapsedTime(began));
    }

    return took.Order().ElementAt(100);
}

async Task<TimeSpan> RunAsync(string orchestrator, string id, int expected)
{
    var began = Stopwatch.GetTimestamp();
    await engine.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, null, new StartOrchestrationOptions(id), CancellationToken.None);
    var end = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, CancellationToken.None);
    var took = Stopwatch.GetElapsedTime(began);
    return end.ReadOutputAs<int>() == expected ? took : throw new InvalidOperationException($"Expected {expected} of {id}, found {end.SerializedOutput ?? end.RuntimeStatus.ToString()}.");
}

static async Task<TimeSpan> MedianAsync(Func<int, Task<TimeSpan>> run)
{
    var took = new List<TimeSpan>();
    for (var i = 0; i < Rounds; i++)
        took.Add(await run(i));
    return took.Order().ElementAt(Rounds / 2);
}

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
