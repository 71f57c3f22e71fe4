using System.Text;
using Azure.Core;
using Azure.Storage.Blobs;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;
using GpuWorker.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "slow")]
public class StateTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    private static readonly string[] Everything = ["optimizer", "counters"];

    [Fact]
    public async Task A_state_that_an_update_wrote_is_read_by_the_next_from_memory()
    {
        var filter = new RequestFilter();
        var written = Parts("policy two");
        var executor = new FakeExecutor(call => call.Item is UpdateItem ? FakeExecutor.State(written) : FakeExecutor.Answer());
        await StartWorkerAsync(executor, filter: filter);
        var update = await UpdateAsync();
        await DispatchAsync(update);
        var output = Assert.IsType<UpdateOutput>((await ResultAsync(update.Id)).Output);
        Assert.Equal((3, 100L, update.OutputFolder), (output.OptimizerSteps, output.TrainedTokens, output.State.Folder));

        await DispatchAsync(new EvaluateItem
        {
            Id = Id(),
            Policy = output.State,
            Problems = [],
            Samples = 0,
            MaxNewTokens = 8,
            DrawKey = "draws",
        });
        Assert.Null((await ResultAsync(Id())).Failure);

        Assert.Equal(["config", "policy"], executor.LastInputs!.StateParts.Keys.Order());
        Assert.Equal("policy two", Text(executor.LastInputs.StateParts["policy"]));
        Assert.Equal(output.State.Manifest, executor.LastInputs.StateKey);
        Assert.DoesNotContain(filter.Seen, request => request.StartsWith("GET", StringComparison.Ordinal) && request.Contains(update.OutputFolder, StringComparison.Ordinal));

        // What the storage holds is the same, to a worker that has nothing in memory.
        var read = await Loader().LoadAsync(output.State, Everything, () => Task.CompletedTask, Token);
        Assert.Equal(written.ToDictionary(part => part.Key, part => Text(part.Value)), read.Parts.ToDictionary(part => part.Key, part => Text(part.Value)));
    }

    [Fact]
    public async Task An_update_reads_every_part_of_its_state()
    {
        var executor = new FakeExecutor(_ => FakeExecutor.State(Parts("next")));
        await StartWorkerAsync(executor);
        var update = await UpdateAsync();
        await DispatchAsync(update);
        Assert.Null((await ResultAsync(update.Id)).Failure);

        Assert.Equal(["config", "counters", "optimizer", "policy"], executor.LastInputs!.StateParts.Keys.Order());
    }

    [Fact]
    public async Task A_fresh_optimizer_leaves_the_old_one_unread()
    {
        var executor = new FakeExecutor(_ => FakeExecutor.State(Parts("next")));
        await StartWorkerAsync(executor);
        var update = await UpdateAsync() with { FreshOptimizer = true };
        await DispatchAsync(update);
        Assert.Null((await ResultAsync(update.Id)).Failure);

        Assert.DoesNotContain("optimizer", executor.LastInputs!.StateParts.Keys);
    }

    [Theory]
    [InlineData("the Policy")]
    [InlineData("the polic")]
    [InlineData("")]
    public async Task A_part_with_a_flipped_bit_or_cut_short_is_named_with_both_hashes_and_never_loaded(string found)
    {
        var state = await StoreStateAsync();
        var name = $"{state.Folder}/policy-{Sha256Hex.Of("the policy"u8)}";
        await Blob(StorageNames.RunsContainer, name).UploadAsync(BinaryData.FromString(found), overwrite: true, Token);
        var executor = FakeExecutor.Answering();
        await StartWorkerAsync(executor);
        var message = await DispatchAsync(new EvaluateItem
        {
            Id = Id(),
            Policy = state,
            Problems = [],
            Samples = 0,
            MaxNewTokens = 8,
            DrawKey = "draws",
        });

        var failure = (await ResultAsync(message.Id)).Failure!;
        Assert.Equal(
            new("corrupt-state", $"Expected SHA-256 {Sha256Hex.Of("the policy"u8)} in runs/{name}, found {Sha256Hex.Of(Encoding.UTF8.GetBytes(found))}."),
            failure);
        Assert.Equal(0, executor.Calls);
    }

    [Fact]
    public async Task A_state_without_a_manifest_does_not_exist()
    {
        var state = new StateRef(StorageNames.RunsContainer, $"{Run}/states/none", "00");
        var fault = await Assert.ThrowsAsync<WorkFailedException>(() => Loader().LoadAsync(state, [], () => Task.CompletedTask, Token));

        Assert.Equal("corrupt-state", fault.Kind);
        Assert.Contains($"runs/{Run}/states/none/state", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writing_a_state_twice_gives_one_state_in_one_blob()
    {
        var folder = $"{Run}/states/twice";
        var (parts, writer) = (Parts("once"), Writer());
        var first = await writer.WriteAsync(NamedState.Of(folder, parts, None, Precision.Float32), () => Task.CompletedTask, Token);
        var second = await Writer().WriteAsync(NamedState.Of(folder, parts, None, Precision.Float32), () => Task.CompletedTask, Token);

        Assert.Equal(first, second);
        Assert.Equal([StorageNames.StateBlob(folder)], await NamesAsync(folder));
    }

    [Fact]
    public async Task Of_two_states_in_one_folder_the_first_stands_whole()
    {
        var folder = $"{Run}/states/both";
        var first = await Writer().WriteAsync(NamedState.Of(folder, Parts("mine"), None, Precision.Float32), () => Task.CompletedTask, Token);
        var second = await Writer().WriteAsync(NamedState.Of(folder, Parts("yours"), None, Precision.Float32), () => Task.CompletedTask, Token);

        Assert.Equal(first, second);
        Assert.Equal("mine", Text((await Loader().LoadAsync(second, [], () => Task.CompletedTask, Token)).Parts["policy"]));
    }

    [Fact]
    public void The_cache_drops_what_was_used_longest_ago_and_keeps_to_its_bytes()
    {
        var cache = new PartCache(10);
        cache.Add("a", new byte[4]);
        cache.Add("b", new byte[4]);
        Assert.True(cache.TryGet("a", out _));
        cache.Add("c", new byte[4]);
        cache.Add("large", new byte[11]);

        Assert.True(cache.TryGet("a", out _));
        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("c", out _));
        Assert.False(cache.TryGet("large", out _));
        Assert.Equal(8, cache.Bytes);
    }

    [Fact]
    public async Task A_state_that_nobody_has_in_memory_is_read_by_one_request_and_the_parts_that_are_not_wanted_are_not_kept()
    {
        var filter = new RequestFilter();
        var state = await Writer().WriteAsync(NamedState.Of($"{Run}/states/one", Parts("mine"), None, Precision.Float32), () => Task.CompletedTask, Token);
        PartCache cache = new(1000);
        StateLoader loader = new(WorkerStorage.Open(new() { ConnectionString = ConnectionString }, clients => clients.AddPolicy(filter, HttpPipelinePosition.PerRetry)), cache);
        var read = await loader.LoadAsync(state, [], () => Task.CompletedTask, Token);
        await loader.LoadAsync(state, [], () => Task.CompletedTask, Token);

        Assert.Equal(["config", "policy"], read.Parts.Keys.Order());
        Assert.Single(filter.Seen);
        Assert.False(cache.TryGet(Sha256Hex.Of("moments"u8), out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_small_part_with_a_flipped_bit_or_cut_short_is_named_and_never_loaded(bool flipped)
    {
        var state = await Writer().WriteAsync(NamedState.Of($"{Run}/states/spoiled", Parts("mine"), None, Precision.Float32), () => Task.CompletedTask, Token);
        var blob = Blob(StorageNames.RunsContainer, StorageNames.StateBlob(state.Folder));
        var bytes = (await blob.DownloadContentAsync(Token)).Value.Content.ToArray();
        bytes[^1] ^= (byte)(flipped ? 1 : 0);
        await blob.UploadAsync(BinaryData.FromBytes(bytes.AsMemory(0, bytes.Length - (flipped ? 0 : 1))), overwrite: true, Token);

        var fault = await Assert.ThrowsAsync<WorkFailedException>(() => Loader().LoadAsync(state, Everything, () => Task.CompletedTask, Token));
        Assert.Equal("corrupt-state", fault.Kind);
        Assert.Contains($"of policy-{Sha256Hex.Of("mine"u8)} in runs/{StorageNames.StateBlob(state.Folder)}, found", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_part_is_a_blob_of_its_own_that_is_written_before_the_state()
    {
        var folder = $"{Run}/states/large";
        var parts = Parts("small");
        parts["policy"] = new byte[StateBlob.LargeFrom];
        var state = await Writer().WriteAsync(NamedState.Of(folder, parts, None, Precision.Float32), () => Task.CompletedTask, Token);

        Assert.Equal([$"{folder}/policy-{Sha256Hex.Of(new byte[StateBlob.LargeFrom])}", StorageNames.StateBlob(folder)], await NamesAsync(folder));
        Assert.True((await Blob(StorageNames.RunsContainer, StorageNames.StateBlob(folder)).GetPropertiesAsync(cancellationToken: Token)).Value.ContentLength < 2000);
        Assert.Equal(StateBlob.LargeFrom, (await Loader().LoadAsync(state, [], () => Task.CompletedTask, Token)).Parts["policy"].Length);
    }

    [Fact]
    public async Task A_state_lists_parts_of_the_base_where_the_base_has_them()
    {
        var origin = NamedState.Of($"{Run}/base", Parts("shared"), None, Precision.Float32);
        await Writer().WriteAsync(origin, () => Task.CompletedTask, Token);
        var shared = origin.Manifest.Parts["policy"].Of(origin.Folder);
        var next = NamedState.Of(
            $"{Run}/states/arm/1", new Dictionary<string, StoredBytes> { ["config"] = "{}"u8.ToArray() }, new Dictionary<string, StatePart> { ["policy"] = shared }, Precision.Float32);
        var state = await Writer().WriteAsync(next, () => Task.CompletedTask, Token);

        Assert.Equal("shared", Text((await Loader().LoadAsync(state, [], () => Task.CompletedTask, Token)).Parts["policy"]));
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string folder)
    {
        List<string> names = [];
        await foreach (var blob in new BlobContainerClient(ConnectionString, StorageNames.RunsContainer).GetBlobsAsync(new() { Prefix = $"{folder}/" }, Token))
            names.Add(blob.Name);
        return names;
    }

    private static Dictionary<string, StatePart> None => [];

    private static Dictionary<string, StoredBytes> Parts(string policy) => new()
    {
        ["config"] = "{}"u8.ToArray(),
        ["policy"] = Encoding.UTF8.GetBytes(policy),
        ["optimizer"] = "moments"u8.ToArray(),
        ["counters"] = "counts"u8.ToArray(),
    };

    private static string Text(StoredBytes bytes) => Encoding.UTF8.GetString(bytes.ToArray());

    private StateLoader Loader() => new(WorkerStorage.Open(new() { ConnectionString = ConnectionString }), new(1000));

    private StateWriter Writer() =>
        new(WorkerStorage.Open(new() { ConnectionString = ConnectionString }), new(1000), NullLogger<StateWriter>.Instance);

    private async Task<UpdateItem> UpdateAsync() => new()
    {
        Id = Id(WorkKind.Update),
        State = await StoreStateAsync(),
        OutputFolder = StorageNames.State(StageKey.Parse($"{Run}/srl/1/0/0"), 1),
        Steps = [new(Batch("first"), 1), new(Batch("second"), 0.5)],
        LossKind = LossKind.Likelihood,
        Loss = new LossPlan(),
        Temperature = 1,
        Optimizer = new OptimizerPlan(),
        MaxNewTokens = 8,
        FreshOptimizer = false,
    };

    private static UpdateBatch Batch(string prompt) => new() { Written = [new(prompt, "x")] };
}
