using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Findings;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;

namespace Infra.Tests.Containers;

/// <summary>The worker's image, built and run: it drains a queue, and gives its item back when it is told to stop.</summary>
[Trait("Speed", "slow")]
public sealed class WorkerContainerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly WorkerImage _image = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_image_drains_a_queue_as_a_user_who_can_write_nowhere_and_stops_in_order_as_process_1()
    {
        WorkerImage.SkipWhereAbsent();
        await _image.BuildAsync(Token);
        var configuration = await _image.ConfigurationAsync(Token);
        Assert.Equal("1654", (string?)configuration["User"]);
        Assert.Equal("SIGTERM", (string?)configuration["StopSignal"]);
        var entry = configuration["Entrypoint"]!.AsArray().Select(word => (string)word!).ToList();
        Assert.Equal(["dotnet", "/app/GpuWorker.dll"], entry);

        // Nothing under /app is the user's, or open to others.
        var app = Path.Combine(await _image.MountAsync(Token), "app");
        Assert.True(File.Exists(Path.Combine(app, "libLibTorchSharp.so")));
        Assert.Equal("", await Command.MustAsync("find", [app, "(", "-user", "1654", "-o", "-group", "1654", "-o", "-perm", "-o+w", ")", "-not", "-type", "l"], app, Token));
        var (wrote, _) = await Command.RunAsync("buildah", _image.Run(new Dictionary<string, string>(), ["touch", "/app/written"]), app, Token);
        Assert.NotEqual(0, wrote);

        await using var azurite = await AzuriteServer.StartAsync();
        var work = new Work(azurite.ConnectionString);
        await work.PrepareAsync();
        var quick = await work.PretrainAsync(chunk: 0, updates: 2);
        using var worker = Process.Start(Command.Start("buildah", _image.Run(
            new Dictionary<string, string>
            {
                ["DataStorage"] = azurite.ConnectionString,
                ["Worker__Name"] = "contained",
                ["Worker__ClaimSeconds"] = "0",
                ["Worker__VisibilitySeconds"] = "300",
            },
            entry), app))!;
        var said = Task.WhenAll(worker.StandardOutput.ReadToEndAsync(Token), worker.StandardError.ReadToEndAsync(Token));
        try
        {
            await work.UntilAsync(() => work.ExistsAsync(StorageNames.Result(quick)), "the first item's result", worker);
            // The message goes last of all.
            await work.UntilAsync(async () => await work.MessagesAsync() == 0, "an empty queue", worker);

            var (process, namespaced, user) = Identity();
            Assert.Equal((1, 1654), (namespaced, user));
            var long0 = await work.PretrainAsync(chunk: 1, updates: 100_000);
            await work.UntilAsync(async () => await work.ProgressAsync(long0) > 0, "progress of the second item", worker);
            var told = Stopwatch.StartNew();
            await Command.MustAsync("kill", ["-TERM", process.ToString(CultureInfo.InvariantCulture)], app, Token);
            await worker.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

            Assert.Equal(0, worker.ExitCode);
            Assert.True(told.Elapsed < TimeSpan.FromSeconds(30), "A job's execution has 30 s from the signal to its end.");
            // Hidden for minutes if it had not been given back.
            Assert.True(await work.IsVisibleAsync(), $"Expected the second item in the queue again; the worker said: {string.Concat(await said)}");
            Assert.False(await work.ExistsAsync(StorageNames.Result(long0)));
        }
        finally
        {
            if (!worker.HasExited)
                worker.Kill(entireProcessTree: true);
        }
    }

    public ValueTask DisposeAsync() => _image.DisposeAsync();

    /// <summary>The worker's process id here and in its container, and its user.</summary>
    private static (int Process, int Namespaced, int User) Identity()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")) != "dotnet\0/app/GpuWorker.dll\0"
                    || File.ReadAllText(Path.Combine(folder, "environ")).Contains("Worker__Name=contained\0", StringComparison.Ordinal) is false)
                    continue;
                var status = File.ReadLines(Path.Combine(folder, "status")).Select(line => line.Split('\t')).ToDictionary(words => words[0], words => words[1..]);
                return (int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), int.Parse(status["NSpid:"][^1], CultureInfo.InvariantCulture),
                    int.Parse(status["Uid:"][0], CultureInfo.InvariantCulture));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // A process that ended while it was looked at.
            }
        }

        throw new InvalidOperationException("Expected the worker among the processes.");
    }

    /// <summary>Items on an Azurite, and how they fare.</summary>
    private sealed class Work(string connection)
    {
        private readonly BlobServiceClient _blobs = new(connection);
        private readonly QueueClient _queue = new QueueServiceClient(connection).GetQueueClient(StorageNames.WorkQueue);

        public async Task PrepareAsync()
        {
            foreach (var container in (string[])[StorageNames.RunsContainer, StorageNames.WorkContainer])
                await _blobs.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: Token);
            await _queue.CreateIfNotExistsAsync(cancellationToken: Token);
        }

        public async Task<WorkItemId> PretrainAsync(int chunk, int updates)
        {
            var item = new PretrainItem
            {
                Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse("image-test"), WorkScope.Base), WorkKind.Pretrain, chunk),
                Plan = new PretrainPlan { Updates = updates, Rows = 2 },
                OutputFolder = $"image-test/base-{chunk}",
            };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(item, CurriculumJson.Default.WorkItem);
            await Blob(StorageNames.Item(item.Id)).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
            var message = new WorkMessage(item.Id, Sha256Hex.Of(bytes), "instance");
            await _queue.SendMessageAsync(Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(message, CurriculumJson.Default.WorkMessage)), Token);
            return item.Id;
        }

        public async Task<bool> ExistsAsync(string name) => await Blob(name).ExistsAsync(Token);

        public async Task<int> MessagesAsync() => (await _queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;

        public async Task<bool> IsVisibleAsync() => (await _queue.PeekMessageAsync(Token)).Value is not null;

        public async Task<double> ProgressAsync(WorkItemId id) => await ExistsAsync(StorageNames.Claim(id))
            ? JsonSerializer.Deserialize((await Blob(StorageNames.Claim(id)).DownloadContentAsync(Token)).Value.Content.ToMemory().Span, CurriculumJson.Default.WorkClaim)!.Progress
            : 0;

        public async Task UntilAsync(Func<Task<bool>> holds, string what, Process worker)
        {
            var waited = Stopwatch.StartNew();
            while (!await holds())
            {
                Assert.False(worker.HasExited, $"The worker ended before {what}.");
                Assert.True(waited.Elapsed < Patience, $"Expected {what} within {Patience.TotalSeconds} s.");
                await Task.Delay(100, Token);
            }
        }

        private BlobClient Blob(string name) => _blobs.GetBlobContainerClient(StorageNames.WorkContainer).GetBlobClient(name);
    }
}
