using System.Diagnostics;
using System.Globalization;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace SmallScale;

/// <summary>Times rollout and evaluation items of the quick plan's shapes, sampled with tensors and with rows in vector lanes.</summary>
/// <remarks>Whole items: prompts encoded, completions graded. Of a state that is loaded already, and of one that is not, as the first item after an update.</remarks>
internal static class RolloutItems
{
    private const int Times = 9;

    public static int Run(string folder)
    {
        using WorkExecutor lanes = new(new()), tensors = new(new() { Lanes = false });
        Console.WriteLine($"{lanes.Fingerprint} against {tensors.Fingerprint}");
        TwoDials family = new();
        IReadOnlyList<Problem> Problems(int count) => family.Create(new() { Family = family.Name, Count = count, Seed = 5001, Difficulty = [TwoDials.Hard] }, null);
        RolloutItem Rollout(IEnumerable<RolloutPrompt> prompts, int group, int length, RewardKind reward) => new()
        {
            Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse("bench"), WorkScope.Base), WorkKind.Rollout),
            Policy = new("", "", ""),
            Prompts = [.. prompts],
            GroupSize = group,
            Temperature = 1,
            MaxNewTokens = length,
            Reward = new() { Kind = reward },
            DrawKey = "rollouts",
        };
        Measure("SRL, 28 steps x 8", Rollout(Problems(4).SelectMany(StepInstances.Of), 8, 12, RewardKind.StepSimilarity));
        Measure("RLVR, 16 problems x 8", Rollout(Problems(16).Select(problem => new RolloutPrompt { Problem = problem }), 8, 96, RewardKind.GroundTruth));
        Measure("validation, 64 problems, greedy and 4 samples", new EvaluateItem
        {
            Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse("bench"), WorkScope.Base), WorkKind.Evaluate),
            Policy = new("", "", ""),
            Problems = Problems(64),
            Samples = 4,
            MaxNewTokens = 96,
            DrawKey = "levels",
        });
        return 0;

        void Measure(string name, WorkItem item)
        {
            var state = BaseTraining.Inputs(folder);
            foreach (var fresh in (bool[])[false, true])
            {
                var (with, without) = (double.MaxValue, double.MaxValue);
                WorkOutput? output = null;
                for (var i = 0; i < Times; i++)
                {
                    var inputs = fresh ? state with { StateKey = FormattableString.Invariant($"{folder} {i}") } : state;
                    without = Math.Min(without, Seconds(tensors, item, inputs, out _));
                    with = Math.Min(with, Seconds(lanes, item, inputs, out output));
                }

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}{(output is RolloutOutput rollout ? $", {rollout.ForwardTokens} tokens" : "")}, {(fresh ? "policy loaded" : "policy resident")}: {without * 1e3:0.0} ms and {with * 1e3:0.0} ms, x {without / with:0.0}"));
            }
        }
    }

    private static double Seconds(WorkExecutor executor, WorkItem item, LoadedInputs inputs, out WorkOutput output)
    {
        NoGcRegion.Renew();
        var started = Stopwatch.GetTimestamp();
        output = ((ComputedOutput)executor.Execute(item, inputs, new Marks(_ => { }), CancellationToken.None)).Output;
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
