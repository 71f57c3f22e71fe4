using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>A checkpoint and what it reached on the validation set.</summary>
public sealed record ValidatedCheckpoint
{
    public required StageKey Stage { get; init; }

    /// <summary>Updates of the stage.</summary>
    public required int Updates { get; init; }

    /// <summary>Compute units of the stage.</summary>
    public required long Compute { get; init; }

    public required StateRef State { get; init; }

    /// <summary>Accuracy of the greedy completions.</summary>
    public required double Greedy { get; init; }

    /// <summary>Mean accuracy of the samples.</summary>
    public required double Sampled { get; init; }

    /// <summary>The plan's primary metric: what the best checkpoint is chosen by.</summary>
    public required double Primary { get; init; }

    /// <summary>The iteration before it; -1 at the stage's start.</summary>
    public required int Iteration { get; init; }

    /// <summary>Problems in the validation set.</summary>
    public required int Problems { get; init; }

    /// <summary>The work item that validated it.</summary>
    public required WorkItemId Item { get; init; }

    /// <summary>Ids of the problems that the greedy completions solved.</summary>
    public required IReadOnlyList<string> Solved { get; init; }

    /// <summary>Unbiased pass@k of the samples, with the k of the stage's gate; null where there are fewer samples.</summary>
    public double? PassAtK { get; init; }

    public string Blob => FormattableString.Invariant($"{Prefix(Stage.Of)}{Stage.Stage:D4}-{Stage.Attempt:D4}-{Updates:D7}.json");

    public static string Prefix(ArmKey arm) => $"{arm.Run}/validations/{arm.Path}/";

    /// <summary>Its copy in another run.</summary>
    public ValidatedCheckpoint In(RunId run) => this with { Stage = Stage.In(run), State = State.In(run), Item = Item.In(run) };

    /// <summary>What a validation came to.</summary>
    /// <param name="state">The stage when its checkpoint was taken.</param>
    /// <param name="item">The work item that was answered.</param>
    /// <param name="answers">In the order of the validation set.</param>
    /// <param name="k">Of pass@k.</param>
    /// <param name="metric">The plan's primary metric.</param>
    public static ValidatedCheckpoint Of(StageState state, WorkItemId item, IReadOnlyList<ProblemAnswers> answers, int k, Metric metric)
    {
        var greedy = answers.Average(answer => answer.GreedyCorrect ? 1.0 : 0);
        var sampled = answers.Average(answer => answer.Samples == 0 ? 0 : answer.SamplesCorrect / (double)answer.Samples);
        return new()
        {
            Stage = state.Key,
            Updates = state.Ledger.Updates,
            Compute = state.Ledger.Spent(BudgetUnit.Compute),
            State = state.Validating!,
            Iteration = state.Iteration - 1,
            Problems = answers.Count,
            Item = item,
            Solved = [.. answers.Where(answer => answer.GreedyCorrect).Select(answer => answer.ProblemId)],
            PassAtK = answers.All(answer => answer.Samples >= k) ? answers.Average(answer => Evaluation.PassAtK.Unbiased(answer.Samples, answer.SamplesCorrect, k)) : null,
            Greedy = greedy,
            Sampled = sampled,
            Primary = metric == Metric.Greedy ? greedy : sampled,
        };
    }

    /// <summary>The best on validation; of equals the latest, so that a tie never favours less training.</summary>
    public static ValidatedCheckpoint? Best(IReadOnlyList<ValidatedCheckpoint> inOrder) =>
        inOrder.Count == 0 ? null : inOrder.Aggregate((best, next) => Rounding.Reaches(next.Primary, best.Primary) ? next : best);
}
