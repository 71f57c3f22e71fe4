using System.Globalization;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training;

/// <summary>The base policy that is shipped in samples/models/two-dials.</summary>
[Trait("Speed", "fast")]
public sealed class TwoDialsBaseTests
{
    // What the folder's README says it was made with.
    private const int Seed = 2;
    private const int Updates = 1800;

    public TwoDialsBaseTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Fact]
    public void The_shipped_base_is_sure_of_its_skills_good_at_easy_problems_and_fails_hard_ones()
    {
        Assert.True(new FileInfo(Path.Combine(Folder(), "model.safetensors")).Length < 1_000_000);
        using var policy = Load(File.ReadAllBytes(Path.Combine(Folder(), "model.safetensors")));
        var found = BaseCriterion.Of(policy, 64, 5003);
        Assert.InRange(found.Operand, 0.98, 1);
        Assert.InRange(found.Easy, 0.92, 1);
        Assert.InRange(found.Hard, 0, 0.05);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_shipped_base_is_made_again_and_meets_its_criterion()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CURRICULUM_SLOW_TESTS") == "1", "Trains for a minute or more; set CURRICULUM_SLOW_TESTS=1 to run it.");
        // It was made with tensors.
        using WorkExecutor executor = new(new() { Lanes = false });
        PretrainItem item = new() { Id = WorkItemId.Parse("base/base/0/0/0/0/0/0/pretrain"), OutputFolder = "", Plan = new() { Seed = Seed, Updates = Updates } };
        var state = (ComputedState)executor.Execute(item, LoadedInputs.None, new Progress<double>(), TestContext.Current.CancellationToken);
        var made = state.Parts[StatePartNames.Policy];

        using var policy = Load(made);
        var found = BaseCriterion.Of(policy, 512, 5001);
        Assert.True(found.Met, found.ToString());
        var readme = File.ReadAllText(Path.Combine(Folder(), "README.md"));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, {Updates:N0} updates"), readme, StringComparison.Ordinal);
        if (readme.Contains(executor.Fingerprint, StringComparison.Ordinal))
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder(), "model.safetensors")), made.ToArray());
    }

    private static LoadedPolicy Load(StoredBytes policy) => LoadedPolicy.Load(
        new(
            new Dictionary<string, StoredBytes>
            {
                [StatePartNames.Config] = File.ReadAllBytes(Path.Combine(Folder(), "config.json")),
                [StatePartNames.Policy] = policy,
            },
            null),
        CPU);

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "samples", "models", "two-dials");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException("Expected samples/models/two-dials above the tests' output folder, found none.");
    }
}
