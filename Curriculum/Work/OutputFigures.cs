namespace Curriculum.Work;

/// <summary>The figures of an output that are counted with.</summary>
public static class OutputFigures
{
    /// <summary>Whether all are finite. JSON can spell a number that no double holds, which is read as an infinity.</summary>
    public static bool AreFinite(WorkOutput output) => Of(output).All(double.IsFinite);

    /// <summary>Tokens that the model read, wrote or was trained on for it.</summary>
    public static long TokensOf(WorkOutput? output) => output switch
    {
        RolloutOutput rollout => rollout.ForwardTokens,
        UpdateOutput update => update.TrainedTokens,
        EvaluateOutput evaluation => (long)evaluation.Answers.Sum(answer => answer.MeanTokens * Math.Max(1, answer.Samples)),
        ScoreOutput scores => scores.Texts.Sum(text => (long)text.Segments.Sum(segment => segment.Tokens)),
        ColocatedOutput colocated => colocated.Tokens,
        _ => 0,
    };

    private static IEnumerable<double> Of(WorkOutput output) => output switch
    {
        RolloutOutput rollout => rollout.Groups.SelectMany(group => group.Trajectories).SelectMany(trajectory => trajectory.LogProbs
            .Concat(trajectory.ReferenceLogProbs ?? []).Concat(trajectory.Values ?? []).Select(figure => (double)figure).Append(trajectory.Reward).Append(trajectory.Penalty)),
        UpdateOutput update => [update.Loss, update.GradientNorm, update.ClipFraction, update.Entropy, update.Divergence ?? 0, update.ValueError ?? 0],
        EvaluateOutput evaluation => evaluation.Answers.Select(answer => answer.MeanTokens),
        ScoreOutput scores => scores.Texts.SelectMany(text => text.Segments).Select(segment => segment.LogProb),
        _ => [],
    };
}
