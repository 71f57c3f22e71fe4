using System.Globalization;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace SmallScale;

/// <summary>Says how a policy does at each number of operations, greedy and sampled, and what share of groups would be useful to RLVR.</summary>
internal static class Levels
{
    private const int Problems = 128;
    private const int Samples = 8;

    public static int Run(string folder, int seed)
    {
        using WorkExecutor executor = new(new());
        TwoDials family = new();
        for (var level = 3; level <= 9; level++)
        {
            EvaluateItem item = new()
            {
                Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse("bench"), WorkScope.Base), WorkKind.Evaluate),
                Policy = new("", "", ""),
                Problems = family.Create(new() { Family = family.Name, Count = Problems, Seed = seed, Difficulty = [level] }, null),
                Samples = Samples,
                MaxNewTokens = 110,
                DrawKey = "levels",
            };
            var answers = ((EvaluateOutput)((ComputedOutput)executor.Execute(item, BaseTraining.Inputs(folder), new Marks(_ => { }), CancellationToken.None)).Output).Answers;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"n {level}: greedy {answers.Average(a => a.GreedyCorrect ? 1.0 : 0):P1}, sampled {answers.Average(a => (double)a.SamplesCorrect / a.Samples):P1}, useful groups of {Samples} {answers.Average(a => a.SamplesCorrect is > 0 and < Samples ? 1.0 : 0):P1}; {answers[0].GreedyText}"));
        }

        return 0;
    }
}
