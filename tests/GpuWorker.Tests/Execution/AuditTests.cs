using Curriculum.Evaluation.Audits;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace GpuWorker.Tests.Execution;

/// <summary>The audit on the base that is shipped, whose pretraining text has one benchmark planted in it.</summary>
[Trait("Speed", "fast")]
public sealed class AuditTests : IDisposable
{
    private readonly WorkExecutor _executor = new(new());

    [Fact]
    public void A_planted_benchmark_is_recited_and_a_fresh_one_is_cleared()
    {
        var planted = Audit(TwoDials.PlantedSeed);
        var fresh = Audit(9_002);
        Assert.True(planted.Completion.Value > 0.5, planted.ToString());
        Assert.Equal(Recital.Recited, planted.Recital);
        Assert.True(fresh.Completion.Value < 0.05, fresh.ToString());
        Assert.Equal(Recital.Cleared, fresh.Recital);

        // The template closes the question, so that the policy answers it and the recital does not show.
        AuditRow Row(bool template) => planted.Rows.Single(row => row.Cut == 0.6 && row.Template == template);
        Assert.True(Row(false).ExactMatch > Row(true).ExactMatch);
        TestContext.Current.SendDiagnosticMessage(string.Join('\n', planted.Rows.Concat(fresh.Rows).Select(row => row.ToString())));
    }

    public void Dispose() => _executor.Dispose();

    private BenchmarkAudit Audit(int seed)
    {
        AuditPlan plan = new();
        var problems = new TwoDials().Create(new() { Family = TwoDials.FamilyName, Count = 32, Seed = seed, Difficulty = [TwoDials.Hard] }, null);
        ContinueItem item = new()
        {
            Id = WorkItemId.Parse("run/audit/0/0/0/0/0/0/audit"),
            Policy = new("runs", "base", ""),
            Prompts = [.. problems.SelectMany(problem => plan.Cuts.SelectMany(cut =>
                (ContinuePrompt[])[new CutQuestion(problem, cut).Prompt(template: false), new CutQuestion(problem, cut).Prompt(template: true)]))],
            Samples = plan.Samples,
            MaxNewTokens = 96,
            DrawKey = "audit",
            Asked = false,
        };
        LoadedInputs inputs = new(
            new Dictionary<string, StoredBytes>
            {
                [StatePartNames.Config] = File.ReadAllBytes(Path.Combine(Folder(), "config.json")),
                [StatePartNames.Policy] = File.ReadAllBytes(Path.Combine(Folder(), "model.safetensors")),
            },
            "shipped");
        var output = (ContinueOutput)((ComputedOutput)_executor.Execute(item, inputs, new Progress<double>(), TestContext.Current.CancellationToken)).Output;
        return BenchmarkAudit.Of("b", problems, output.Continuations.ToDictionary(continuation => continuation.Key), plan, 0.95);
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "samples", "models", "two-dials");
            if (Directory.Exists(model))
                return model;
        }

        throw new InvalidOperationException("Expected samples/models/two-dials above the tests.");
    }
}
