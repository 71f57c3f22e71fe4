using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Storage;
using Orchestrations.Workflows;

namespace Orchestrations.Tests.Storage;

/// <summary>Empty queues, a run of its own with a plan, and the app's services over Azurite.</summary>
[Collection(ActivityStorage.Name)]
public abstract class ActivityTest(StorageFixture azurite) : IAsyncLifetime
{
    private ServiceProvider? _services;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    internal SetClock Clock { get; } = new();

    protected string Run { get; } = $"run-{Guid.NewGuid().ToString("N")[..12]}";

    protected StageKey Stage => new(Run, "srl", 1, 0, 0);

    protected JsonBlobs Blobs => Service<JsonBlobs>();

    protected QueueClient WorkQueue => Service<DataStorage>().Queues.GetQueueClient(StorageNames.WorkQueue);

    /// <summary>What the run's plan says beside the defaults.</summary>
    protected virtual void Change(JsonNode plan)
    {
    }

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(DataStorage.Connection, azurite.ConnectionString)])
            .Build();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock);
        foreach (var type in typeof(DataStorage).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, IsGenericType: false }))
            services.AddSingleton(type);
        _services = services.BuildServiceProvider();
        await Service<DataStorage>().EnsureAsync(Token);
        await WorkQueue.ClearMessagesAsync(Token);
        await StorePlanAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected T Service<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>A function's class, made as the host makes it.</summary>
    protected T Function<T>() => ActivatorUtilities.CreateInstance<T>(_services!);

    protected Task WishAsync(RunWish wish) => Service<ControlBlob>().WishAsync(Run, wish, "a test", Token);

    protected Task<IReadOnlyList<Incident>> IncidentsAsync() => Service<Incidents>().ReadAsync(Run, Token);

    private async Task StorePlanAsync()
    {
        var text = JsonNode.Parse(SamplePlan)!;
        Change(text);
        var reading = PlanReader.Read(System.Text.Encoding.UTF8.GetBytes(text.ToJsonString()));
        Assert.True(reading.Plan is not null, string.Join("; ", reading.Violations));
        var record = new PlanRecord(Run, "hash", DateTimeOffset.UtcNow, reading.Plan!);
        await Blobs.TryCreateAsync(
            StorageNames.RunsContainer, StorageNames.Plan(Run), JsonSerializer.SerializeToUtf8Bytes(record, OrchestrationsJson.Default.PlanRecord), Token);
    }

    private const string SamplePlan = """
        {
          "name": "sample",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 8, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "amount": 1000000 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "srl", "stages": [{ "method": "srl" }] },
            { "name": "rlvr", "stages": [{ "method": "rlvr" }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 8, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3003, "difficulty": [8] }],
            "curriculum": "srl"
          }
        }
        """;
}
