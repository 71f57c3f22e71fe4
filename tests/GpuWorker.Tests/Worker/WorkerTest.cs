using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Findings;
using Curriculum.Problems;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Worker;

namespace GpuWorker.Tests.Worker;

/// <summary>Empty queues, a run of its own, and the orchestrations' side of the protocol.</summary>
[Collection(WorkerStorageTests.Name)]
public abstract class WorkerTest(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<TestWorker> _workers = [];
    private BlobServiceClient _blobs = null!;
    private QueueServiceClient _queues = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected AzuriteFixture Azurite { get; } = azurite;

    protected string ConnectionString => Azurite.Server.ConnectionString;

    protected string Run { get; } = $"run-{Guid.NewGuid():N}";

    protected QueueClient WorkQueue => _queues.GetQueueClient(StorageNames.WorkQueue);

    public async ValueTask InitializeAsync()
    {
        _blobs = new(ConnectionString);
        _queues = new(ConnectionString);
        foreach (var container in (string[])[StorageNames.RunsContainer, StorageNames.WorkContainer])
            await _blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: Token);
        foreach (var name in (string[])[StorageNames.WorkQueue, StorageNames.WorkPoisonQueue, StorageNames.ResultsQueue])
        {
            var queue = _queues.GetQueueClient(name);
            await queue.CreateIfNotExistsAsync(cancellationToken: Token);
            await queue.ClearMessagesAsync(Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<TestWorker> StartWorkerAsync(
        FakeExecutor executor, WorkerOptions? options = null, RequestFilter? filter = null, int memoryMegabytes = 0)
    {
        var worker = await TestWorker.StartAsync(ConnectionString, executor, options, filter, memoryMegabytes);
        _workers.Add(worker);
        return worker;
    }

    protected WorkItemId Id(WorkKind kind = WorkKind.Evaluate, int chunk = 0) => WorkItemId.Of(StageKey.Parse($"{Run}/srl/1/0/0"), kind, 0, chunk: chunk);

    /// <summary>An evaluation of a state that is stored by this call.</summary>
    protected async Task<EvaluateItem> EvaluationAsync(int chunk = 0) => new()
    {
        Id = Id(chunk: chunk),
        Policy = await StoreStateAsync(),
        Problems = [AnyProblem],
        Samples = 2,
        MaxNewTokens = 8,
        DrawKey = "draws",
    };

    /// <summary>What workers told of an item, once there is so much of it.</summary>
    protected async Task<IReadOnlyList<WorkLog>> LogsAsync(WorkItemId id, int count)
    {
        var logs = new List<WorkLog>();
        await EventuallyAsync(
            async () =>
            {
                logs.Clear();
                await foreach (var blob in _blobs.GetBlobContainerClient(StorageNames.WorkContainer).GetBlobsAsync(new() { Prefix = StorageNames.Logs(id) }, Token))
                    logs.Add(JsonSerializer.Deserialize(
                        (await Blob(StorageNames.WorkContainer, blob.Name).DownloadContentAsync(Token)).Value.Content.ToMemory().Span, CurriculumJson.Default.WorkLog)!);
                return logs.Count >= count;
            },
            "the item's log");
        return logs;
    }

    /// <summary>Stores the item and queues its message.</summary>
    protected async Task<WorkMessage> DispatchAsync(WorkItem item, bool isRepeated = false)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(item, CurriculumJson.Default.WorkItem);
        await Blob(StorageNames.WorkContainer, StorageNames.Item(item.Id)).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
        var message = new WorkMessage(item.Id, Sha256Hex.Of(bytes), "instance-1", isRepeated);
        await QueueAsync(message);
        return message;
    }

    /// <summary>Stores the item and queues its message as the host does, with the item in it.</summary>
    protected async Task<WorkMessage> DispatchCarriedAsync(WorkItem item)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(item, CurriculumJson.Default.WorkItem);
        await Blob(StorageNames.WorkContainer, StorageNames.Item(item.Id)).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
        var message = new WorkMessage(item.Id, Sha256Hex.Of(bytes), "instance-1");
        await WorkQueue.SendMessageAsync(Convert.ToBase64String(CarriedItem.Write(message, bytes)), Token);
        return message;
    }

    protected Task QueueAsync(WorkMessage message) => WorkQueue.SendMessageAsync(
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(message, CurriculumJson.Default.WorkMessage)), Token);

    /// <summary>Has the message delivered so often, each time to nobody.</summary>
    protected async Task DeliverInVainAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            var message = (await WorkQueue.ReceiveMessageAsync(TimeSpan.FromSeconds(30), Token)).Value;
            await WorkQueue.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: Token);
        }
    }

    protected Task SetDesiredStateAsync(DesiredState desired) => PutAsync(
        StorageNames.RunsContainer, StorageNames.Control(Run), new RunControl { Version = 1, DesiredState = desired, Reason = "a test" }, CurriculumJson.Default.RunControl);

    /// <summary>Stores a state of the four parts, each a blob of its own as a large one is, and returns it.</summary>
    protected async Task<StateRef> StoreStateAsync()
    {
        var folder = StorageNames.State(StageKey.Parse($"{Run}/srl/1/0/0"), 0);
        var parts = new Dictionary<string, StatePart>();
        foreach (var name in (string[])["config", "policy", "optimizer", "counters"])
        {
            var bytes = BinaryData.FromString($"the {name}");
            var hash = Sha256Hex.Of(bytes);
            parts.Add(name, new($"{name}-{hash}", hash, bytes.Length));
            await Blob(StorageNames.RunsContainer, $"{folder}/{name}-{hash}").UploadAsync(bytes, overwrite: true, Token);
        }

        var manifest = await PutAsync(
            StorageNames.RunsContainer, StorageNames.StateBlob(folder), new StateManifest { Parts = parts }, CurriculumJson.Default.StateManifest);
        return new(StorageNames.RunsContainer, folder, manifest);
    }

    protected async Task<WorkResult> ResultAsync(WorkItemId id)
    {
        var blob = Blob(StorageNames.WorkContainer, StorageNames.Result(id));
        await EventuallyAsync(async () => await blob.ExistsAsync(Token), "a stored result");
        return Read(await BytesAsync(blob), CurriculumJson.Default.WorkResult);
    }

    protected async Task<WorkClaim> ClaimAsync(WorkItemId id) =>
        Read(await BytesAsync(Blob(StorageNames.WorkContainer, StorageNames.Claim(id))), CurriculumJson.Default.WorkClaim);

    protected async Task<bool> ClaimExistsAsync(WorkItemId id) => await Blob(StorageNames.WorkContainer, StorageNames.Claim(id)).ExistsAsync(Token);

    /// <summary>Waits until the work queue holds no message, visible or not.</summary>
    protected Task DrainedAsync() => EventuallyAsync(
        async () => (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 0, "an empty work queue");

    /// <summary>Takes what was reported so far.</summary>
    protected Task<IReadOnlyList<ResultMessage>> ReportsAsync() => TakeAsync(StorageNames.ResultsQueue, CurriculumJson.Default.ResultMessage);

    /// <summary>Takes what was dead-lettered so far.</summary>
    protected Task<IReadOnlyList<PoisonMessage>> PoisonAsync() => TakeAsync(StorageNames.WorkPoisonQueue, CurriculumJson.Default.PoisonMessage);

    protected BlobClient Blob(string container, string name) => _blobs.GetBlobContainerClient(container).GetBlobClient(name);

    protected async Task<string> PutAsync<T>(
        string container, string name, T value, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        await Blob(container, name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
        return Sha256Hex.Of(bytes);
    }

    protected static async Task EventuallyAsync(Func<Task<bool>> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < Patience, $"Expected {what} within {Patience.TotalSeconds} s.");
            await Task.Delay(15, Token);
        }
    }

    protected static Task EventuallyAsync(Func<bool> holds, string what) => EventuallyAsync(() => Task.FromResult(holds()), what);

    protected static async Task<byte[]> BytesAsync(BlobClient blob) => (await blob.DownloadContentAsync(Token)).Value.Content.ToArray();

    private protected static WorkerOptions Quick => TestWorker.Quick;

    protected static Problem AnyProblem { get; } = new() { Id = "p1", Family = "two-dials", Question = "A=7B+3C-2D=6E+5F-4?", Answer = "87" };

    private async Task<IReadOnlyList<T>> TakeAsync<T>(string queue, JsonTypeInfo<T> type)
    {
        var messages = await _queues.GetQueueClient(queue).ReceiveMessagesAsync(32, TimeSpan.FromSeconds(60), Token);
        return [.. messages.Value.Select(message => Read(Convert.FromBase64String(message.MessageText), type))];
    }

    private static T Read<T>(byte[] bytes, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("It is null.");
}
