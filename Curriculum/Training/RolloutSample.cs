using Curriculum.Draws;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>Some of the groups that an iteration sampled, kept for people to read.</summary>
/// <remarks>
/// Which ones is a function of the attempt, the iteration and the number of groups, so that a step that is taken twice keeps the same; how many is bounded
/// by groups and by tokens, so that an iteration of any size keeps little.
/// </remarks>
public sealed record RolloutSample
{
    /// <summary>Most groups that are kept of an iteration.</summary>
    public const int MostGroups = 8;

    /// <summary>Most completion tokens that are kept of an iteration; one group is kept whatever its length.</summary>
    public const int MostTokens = 32_768;

    public required StageKey Stage { get; init; }

    public required int Iteration { get; init; }

    /// <summary>Groups that were sampled, in all rounds.</summary>
    public required int Sampled { get; init; }

    /// <summary>In the order sampled.</summary>
    public required IReadOnlyList<SampledGroup> Groups { get; init; }

    /// <summary>The blob that holds it, compressed.</summary>
    public string Blob => FormattableString.Invariant($"{Prefix(Stage)}{Iteration:D7}.json.gz");

    /// <summary>What the blobs of an attempt's samples begin with.</summary>
    public static string Prefix(StageKey stage) => $"{StorageNames.Iterations(stage)}/samples/";

    /// <summary>The sample of an iteration's groups.</summary>
    /// <param name="stage">The attempt.</param>
    /// <param name="iteration">The iteration.</param>
    /// <param name="groups">Of all rounds, in their order.</param>
    /// <param name="admitted">Those that reach the update.</param>
    /// <param name="quarantined">Lone successes that a second check did not confirm.</param>
    public static RolloutSample Of(
        StageKey stage, int iteration, IReadOnlyList<TrajectoryGroup> groups, IReadOnlyList<TrajectoryGroup> admitted, IReadOnlySet<TrajectoryGroup> quarantined)
    {
        var order = Enumerable.Range(0, groups.Count).ToArray();
        KeyedRandom.Stream(FormattableString.Invariant($"sample/{stage.Path}/{iteration}")).Shuffle(order.AsSpan());
        var reached = admitted.ToHashSet<TrajectoryGroup>(ReferenceEqualityComparer.Instance);
        var (kept, tokens) = (new List<SampledGroup>(), 0);
        foreach (var index in order)
        {
            var group = groups[index];
            tokens += group.Trajectories.Sum(trajectory => trajectory.Tokens.Count);
            if (kept.Count == MostGroups || (kept.Count > 0 && tokens > MostTokens))
                break;
            kept.Add(new(index, reached.Contains(group), quarantined.Contains(group), group));
        }

        return new() { Stage = stage, Iteration = iteration, Sampled = groups.Count, Groups = [.. kept.OrderBy(group => group.Index)] };
    }
}

/// <summary>A group that is kept.</summary>
/// <param name="Index">Its place among all groups of the iteration.</param>
/// <param name="Admitted">Whether it reached the update.</param>
/// <param name="Quarantined">Whether its lone success was not confirmed.</param>
/// <param name="Group">Itself.</param>
public sealed record SampledGroup(int Index, bool Admitted, bool Quarantined, TrajectoryGroup Group);
