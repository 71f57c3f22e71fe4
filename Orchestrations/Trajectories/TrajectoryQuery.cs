using System.Globalization;
using Curriculum.Guards;
using Microsoft.AspNetCore.Http;

namespace Orchestrations.Trajectories;

/// <summary>Which trajectories are asked for.</summary>
internal sealed record TrajectoryQuery
{
    public const int MaxLimit = 200;

    public int Limit { get; init; } = 50;

    public TrajectoryPlace? After { get; init; }

    public TrajectorySource? Source { get; init; }

    public string? Arm { get; init; }

    public int? Seed { get; init; }

    public int? Stage { get; init; }

    public int? Iteration { get; init; }

    public string? Benchmark { get; init; }

    public string? Problem { get; init; }

    public bool? Correct { get; init; }

    /// <summary>Of the mean reward of a group.</summary>
    public double? MinReward { get; init; }

    public double? MaxReward { get; init; }

    /// <summary>The iterations at which the guard fired.</summary>
    public GuardKind? Guard { get; init; }

    /// <summary>The arm that answers are held against.</summary>
    public string? Against { get; init; }

    public AnswerPattern? Pattern { get; init; }

    /// <summary>Whether an entry is among those that are asked for, but for its place.</summary>
    public bool Takes(TrajectoryEntry entry) =>
        (Problem is null || entry.Problem == Problem)
        && (Correct is null || entry.Correct == Correct)
        && (MinReward is null || (entry.Rewards is { Count: > 0 } least && least.Average() >= MinReward))
        && (MaxReward is null || (entry.Rewards is { Count: > 0 } most && most.Average() <= MaxReward))
        && (Pattern is null || entry.Pattern == Pattern);

    /// <summary>Reads a request; without a query where a parameter is wrong, and the reason.</summary>
    public static (TrajectoryQuery? Query, string? Fault) Read(IQueryCollection given)
    {
        var query = new TrajectoryQuery();
        foreach (var (name, values) in given)
        {
            if (values.ToString() is not { Length: > 0 } value)
                continue;
            var next = name switch
            {
                "limit" => Whole(value, 1, MaxLimit) is { } limit ? query with { Limit = limit } : null,
                "after" => TrajectoryPlace.Parse(value) is { } place ? query with { After = place } : null,
                "source" => Named<TrajectorySource>(value) is { } source ? query with { Source = source } : null,
                "arm" => query with { Arm = value },
                "seed" => Whole(value, int.MinValue, int.MaxValue) is { } seed ? query with { Seed = seed } : null,
                "stage" => Whole(value, 0, 9999) is { } stage ? query with { Stage = stage } : null,
                "iteration" => Whole(value, -1, 9_999_999) is { } iteration ? query with { Iteration = iteration } : null,
                "benchmark" => query with { Benchmark = value },
                "problem" => query with { Problem = value },
                "correct" => bool.TryParse(value, out var correct) ? query with { Correct = correct } : null,
                "minReward" => Number(value) is { } least ? query with { MinReward = least } : null,
                "maxReward" => Number(value) is { } most ? query with { MaxReward = most } : null,
                "guard" => Named<GuardKind>(value) is { } guard ? query with { Guard = guard } : null,
                "against" => query with { Against = value },
                "pattern" => Named<AnswerPattern>(value) is { } pattern ? query with { Pattern = pattern } : null,
                _ => query,
            };
            if (next is null)
                return (null, $"Expected {name} as the API's description has it, found '{value}'.");
            query = next;
        }

        return (query, null);
    }

    private static int? Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>An enumeration's member by its name in JSON, which is its own in lower case with hyphens.</summary>
    private static T? Named<T>(string text)
        where T : struct, Enum =>
            Enum.TryParse<T>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var member) && !int.TryParse(text, CultureInfo.InvariantCulture, out _) ? member : null;
}
