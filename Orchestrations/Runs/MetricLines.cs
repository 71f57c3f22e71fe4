using Curriculum.Training;

namespace Orchestrations.Runs;

/// <summary>The figures of an attempt as lines: pure.</summary>
internal static class MetricLines
{
    private static readonly (string Name, Func<IterationRecord, double?> Of)[] Figures =
    [
        ("updates", record => record.Updates),
        ("compute", record => record.Compute),
        ("meanReward", record => record.MeanReward),
        ("usefulGroups", record => record.GroupsSampled is > 0 ? record.GroupsAdmitted / (double)record.GroupsSampled : null),
        ("groupsSampled", record => record.GroupsSampled),
        ("rounds", record => record.Rounds),
        ("loneSuccesses", record => record.LoneSuccesses),
        ("quarantined", record => record.Quarantined),
        ("wellFormed", record => record.WellFormed),
        ("meanTokens", record => record.MeanTokens),
        ("ngramRepetition", record => record.Text?.NgramRepetition),
        ("blockRepetition", record => record.Text?.BlockRepetition),
        ("skipped", record => record.Text?.Skipped),
        ("bareAnswers", record => record.Text?.BareAnswers),
        ("loss", record => record.Loss),
        ("entropy", record => record.Entropy),
        ("divergence", record => record.Divergence),
        ("clipFraction", record => record.ClipFraction),
        ("gradientNorm", record => record.GradientNorm),
        ("valueError", record => record.ValueError),
        ("rolloutTokens", record => record.RolloutTokens),
        ("trainedTokens", record => record.TrainedTokens),
        ("tokensPerSecond", record => record.RolloutSeconds + record.UpdateSeconds is > 0 and var seconds ? (record.RolloutTokens + record.TrainedTokens) / seconds : null),
    ];

    /// <summary>The lines of an attempt; what it has no value of is no line.</summary>
    /// <param name="records">In the order of the iterations.</param>
    /// <param name="validations">Of this attempt, in their order.</param>
    /// <param name="most">Most points of a line; more are thinned out to means of neighbours.</param>
    public static IReadOnlyList<MetricLine> Of(IReadOnlyList<IterationRecord> records, IReadOnlyList<ValidatedCheckpoint> validations, int most)
    {
        var lines = new List<MetricLine>();
        foreach (var (name, of) in Figures)
            Add(name, [.. records.Select(record => (record.Iteration, of(record)))]);
        Add("validationGreedy", [.. validations.Select(point => (point.Iteration, (double?)point.Greedy))]);
        Add("validationSampled", [.. validations.Select(point => (point.Iteration, (double?)point.Sampled))]);
        Add("validationPassAtK", [.. validations.Select(point => (point.Iteration, point.PassAtK))]);
        return lines;

        void Add(string name, List<(int At, double? Value)> points)
        {
            var there = points.Where(point => point.Value is { } value && double.IsFinite(value)).Select(point => (point.At, Value: point.Value!.Value)).ToList();
            if (there.Count == 0)
                return;
            if (there.Count > most)
            {
                there = [.. Enumerable.Range(0, most).Select(bucket =>
                {
                    var among = there[(int)((long)bucket * there.Count / most)..(int)((bucket + 1L) * there.Count / most)];
                    return (among[^1].At, among.Average(point => point.Value));
                })];
            }

            lines.Add(new(name, [.. there.Select(point => point.At)], [.. there.Select(point => point.Value)]));
        }
    }
}
