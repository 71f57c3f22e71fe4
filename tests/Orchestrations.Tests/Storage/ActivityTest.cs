using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Azure.Storage.Queues;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Texts;
using Curriculum.Training;
using Curriculum.Work;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Storage;

namespace Orchestrations.Tests.Storage;

/// <summary>Empty queues, a run of its own with a plan, and the app's services over Azurite.</summary>
[Collection(ActivityStorage.Name)]
public abstract class ActivityTest(StorageFixture azurite) : IAsyncLifetime
{
    private ServiceProvider? _services;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    internal SetClock Clock { get; } = new();

    protected RunId Run { get; } = RunId.Parse($"run-{Guid.NewGuid().ToString("N")[..12]}");

    protected ArmKey Arm => new(Run, "srl", 1);

    protected StageKey Stage => new(Arm, 0, 0);

    /// <summary>The stage at its beginning, as its arm's course has it.</summary>
    internal async Task<StageState> BegunAsync(StageKey? stage = null) =>
        ArmCourse.Of((stage ?? Stage).Of, await Service<FrozenRun>().PlanAsync((stage ?? Stage).Run, Token), new("runs", $"{Run}/base", "00"), []).Next! with { Key = stage ?? Stage };

    protected JsonBlobs Blobs => Service<JsonBlobs>();

    protected QueueClient WorkQueue => Service<DataStorage>().Queues.GetQueueClient(StorageNames.WorkQueue);

    /// <summary>Time passes, for this host and for the storage; to the host alone it is a clock that is wrong.</summary>
    protected void Pass(TimeSpan time, TimeSpan hostsError = default) => (azurite.Proxy.Ahead, Clock.Ahead) = (time, time + hostsError);

    /// <summary>What the run's plan says beside the defaults.</summary>
    protected virtual void Change(JsonNode plan)
    {
    }

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(DataStorage.Connection, azurite.Proxy.ConnectionString)])
            .Build();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock);
        foreach (var type in typeof(DataStorage).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false, IsGenericType: false }))
            services.AddSingleton(type);
        _services = services.BuildServiceProvider();
        Pass(TimeSpan.Zero);
        await Service<DataStorage>().EnsureAsync(Token);
        await WorkQueue.ClearMessagesAsync(Token);
        await StorePlanAsync(Run);
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

    protected Task SetDesiredStateAsync(DesiredState wish) => Service<ControlBlob>().SetDesiredStateAsync(Run, wish, "a test", Token);

    protected Task<IReadOnlyList<Incident>> IncidentsAsync(string? run = null) => AllAsync(StorageNames.RunsContainer, Incidents.Prefix(run ?? Run), StorageJson.Default.Incident);

    /// <summary>The run's open waits.</summary>
    protected Task<IReadOnlyList<OpenWait>> WaitsAsync() => AllAsync(StorageNames.WorkContainer, OpenWaits.Prefix(Run), StorageJson.Default.OpenWait);

    private async Task<IReadOnlyList<T>> AllAsync<T>(string container, string prefix, JsonTypeInfo<T> type)
        where T : class
    {
        var read = new List<T>();
        foreach (var name in await Blobs.ListAsync(container, prefix, Token))
            read.Add(await Blobs.ReadAsync(container, name, type, Token));
        return read;
    }

    /// <summary>Stores a run's plan.</summary>
    protected async Task<RunPlan> StorePlanAsync(RunId run, Action<JsonNode>? change = null, RunOrigin? from = null)
    {
        var text = JsonNode.Parse(SamplePlan)!;
        Change(text);
        change?.Invoke(text);
        var reading = PlanReader.Read(Encoding.UTF8.GetBytes(text.ToJsonString()));
        Assert.True(reading.Plan is not null, string.Join("; ", reading.Violations));
        var record = new PlanRecord(run, "hash", DateTimeOffset.UtcNow, reading.Plan!) { From = from };
        await Blobs.TryCreateAsync(
            StorageNames.RunsContainer, StorageNames.Plan(run), JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Default.PlanRecord), Token);
        return reading.Plan!;
    }

    /// <summary>Stores a state of a policy and an optimiser whose bytes follow from the folder.</summary>
    /// <remarks>The policy is a blob of its own, as a large one is, and the optimiser lies in the state's.</remarks>
    protected async Task<StateRef> StoreStateAsync(string folder)
    {
        byte[] Bytes(string name) => SHA512.HashData(Encoding.UTF8.GetBytes(folder + name));
        StatePart Part(string name) => new($"{name}-{Sha256Hex.Of(Bytes(name))}", Sha256Hex.Of(Bytes(name)), Bytes(name).Length);
        var parts = new SortedDictionary<string, StatePart>(StringComparer.Ordinal) { ["optimizer"] = Part("optimizer") with { Start = 0 }, ["policy"] = Part("policy") };
        await Blobs.Blob(StorageNames.RunsContainer, $"{folder}/{parts["policy"].Name}").UploadAsync(BinaryData.FromBytes(Bytes("policy")), overwrite: true, Token);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new StateManifest { Parts = parts }, CurriculumJson.Default.StateManifest);
        await Blobs.FreezeAsync(StorageNames.RunsContainer, StorageNames.StateBlob(folder), (byte[])[.. manifest, (byte)'\n', .. Bytes("optimizer")], Token);
        return new(StorageNames.RunsContainer, folder, Sha256Hex.Of(manifest));
    }

    /// <summary>Does to a stored state what a storage or a crash may do; returns the name of the blob that is no longer as it was written.</summary>
    protected async Task<string> SpoilAsync(StateRef state, string how)
    {
        var (whole, names) = (StorageNames.StateBlob(state.Folder), await Blobs.ListAsync(state.Container, $"{state.Folder}/policy-", Token));
        var name = how.EndsWith("manifest", StringComparison.Ordinal) || how.EndsWith("small part", StringComparison.Ordinal) ? whole : names[0];
        var blob = Blobs.Blob(state.Container, name);
        var bytes = (await blob.DownloadContentAsync(Token)).Value.Content.ToArray();
        switch (how)
        {
            case "bit flipped" or "bit flipped in the manifest" or "bit flipped in a small part":
                bytes[how.EndsWith("small part", StringComparison.Ordinal) ? ^1 : bytes.Length / 2] ^= 1;
                await blob.UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
                break;
            case "truncated" or "torn manifest" or "torn small part":
                await blob.UploadAsync(BinaryData.FromBytes(bytes.AsMemory(0, bytes.Length - 1)), overwrite: true, Token);
                break;
            case "missing" or "no manifest":
                await blob.DeleteAsync(cancellationToken: Token);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(how), how, "Expected a way in which a state may be spoiled.");
        }

        return name;
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
