using Curriculum.Problems;

namespace Curriculum.Work;

/// <summary>One greedy completion and k samples of each problem; answers with an <see cref="EvaluateOutput"/>.</summary>
public sealed record EvaluateItem : WorkItem
{
    public required StateRef Policy { get; init; }

    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>Samples per problem at temperature 1; 0 for the greedy completion alone.</summary>
    public required int Samples { get; init; }

    public required int MaxNewTokens { get; init; }

    /// <summary>Key of the random draws; the same for every arm, so that all arms are sampled alike.</summary>
    public required string DrawKey { get; init; }
}
