using System.Text;
using System.Text.Json.Nodes;
using Curriculum.Problems.Datasets;
using Curriculum.Work;
using Orchestrations.Datasets;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Datasets;

/// <summary>What an import accepts a run reads, and what it refuses a run refuses: by the same words.</summary>
[Trait("Speed", "slow")]
public sealed class PrepareDatasetTests(StorageFixture azurite) : ActivityTest(azurite)
{
    private readonly string _name = $"{Guid.NewGuid():N}.jsonl";
    private string _family = "dataset";

    [Fact]
    public async Task A_data_set_that_Windows_saved_is_read_as_it_was_imported()
    {
        var file = Encoding.UTF8.GetBytes($"\ufeff{Items(8)}\r\n\r\n".ReplaceLineEndings("\r\n"));
        Assert.Empty(ImportDataset.Check(new MemoryStream(file), ownVerifier: false).All);
        await PrepareAsync(file);
        var pool = await Service<FrozenRun>().PoolAsync(Run, FrozenRun.TrainingPool, Token);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"i/{i}"), pool.Select(problem => problem.Id).Order(StringComparer.Ordinal));
        Assert.All(pool, problem => Assert.DoesNotContain('\r', problem.Question));
    }

    [Fact]
    public async Task Another_encoding_is_refused_by_its_name_in_both()
    {
        byte[] file = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Items(8))];
        Assert.Contains("UTF-16", Assert.Single(ImportDataset.Check(new MemoryStream(file), ownVerifier: false).All).Message, StringComparison.Ordinal);
        var refusal = (await Assert.ThrowsAsync<ArgumentException>(() => PrepareAsync(file))).Message;
        Assert.Contains(_name, refusal, StringComparison.Ordinal);
        Assert.Contains("UTF-16", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_is_too_long_for_its_reward_is_refused_before_anything_trains()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => PrepareAsync(Encoding.UTF8.GetBytes(Items(8, new string('x', 9_000)))));
        Assert.Contains("step 1 of 'i/", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("reward.longestTarget", refusal.Message, StringComparison.Ordinal);
    }

    // The first line was dropped for its byte order mark, and nobody heard of it.
    [Fact]
    public async Task Gsm8k_keeps_its_first_row_and_says_which_rows_it_leaves_out()
    {
        _family = "gsm8k";
        var lines = Enumerable.Range(0, 8).Select(i => $$"""{"question": "What is {{i}} plus 1?", "answer": "{{i}}+1=<<{{i}}+1={{i + 1}}>>{{i + 1}}\n#### {{i + 1}}"}""");
        await PrepareAsync(Encoding.UTF8.GetBytes($"\ufeff{string.Join("\r\n", lines)}\r\n{{\"question\": \"q\", \"answer\": \"1+1=<<1+1=3>>3\\n#### 3\"}}\r\n"));
        Assert.Contains(await Service<FrozenRun>().PoolAsync(Run, FrozenRun.TrainingPool, Token), problem => problem.Id == "gsm8k/0");
        Assert.Contains("1 of 9 lines are skipped: line 9 (WrongAnnotation: <<1+1=3>>).", Assert.Single(await IncidentsAsync()).What, StringComparison.Ordinal);
    }

    private async Task PrepareAsync(byte[] file)
    {
        await Blobs.Blob(StorageNames.DatasetsContainer, _name).UploadAsync(BinaryData.FromBytes(file), overwrite: true, Token);
        await Blobs.Blob(StorageNames.RunsContainer, StorageNames.Plan(Run)).DeleteIfExistsAsync(cancellationToken: Token);
        await StorePlanAsync(Run, plan => plan["training"] = new JsonObject { ["family"] = _family, ["dataset"] = _name, ["count"] = 8, ["seed"] = 1 });
        await Function<PrepareRun>().Run(Run, Token);
    }

    private static string Items(int count, string? step = null) => string.Join('\n', Enumerable.Range(0, count).Select(i =>
        new DatasetItem { Id = $"i/{i}", Problem = $"Double {i}.", Steps = [step ?? "1. Add it to itself.", "2. Done."], Answer = $"{2 * i}" }.ToLine()));
}
