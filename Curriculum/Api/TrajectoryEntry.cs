using System.Text.Json.Serialization;

namespace Curriculum.Api;

/// <summary>Some trajectories of a run.</summary>
/// <param name="Trajectories">In the order of source, arm, seed, stage, attempt and iteration; fewer than asked for where many were passed over.</param>
/// <param name="Next">Asks for those after these, as <c>?after=</c>; null at the end.</param>
public sealed record TrajectoryList(IReadOnlyList<TrajectoryEntry> Trajectories, string? Next = null);

/// <summary>What one prompt was answered with: a group that was sampled for training, or the answers of one policy to one problem.</summary>
public sealed record TrajectoryEntry
{
    /// <summary>Its link, below <c>/api/runs/{id}/trajectories/</c>.</summary>
    public required string Key { get; init; }

    public required TrajectorySource Source { get; init; }

    public required string Arm { get; init; }

    public required int Seed { get; init; }

    /// <summary>Null for a benchmark.</summary>
    public int? Stage { get; init; }

    public int? Attempt { get; init; }

    /// <summary>The iteration that sampled it, or that the validation came after; -1 is the stage's start.</summary>
    public int? Iteration { get; init; }

    /// <summary>Null for all but a benchmark.</summary>
    public string? Benchmark { get; init; }

    public required string Problem { get; init; }

    /// <summary>Null where the problem is in no pool any more.</summary>
    public string? Question { get; init; }

    /// <summary>The expert's step that was asked for; null for whole solutions.</summary>
    public int? Step { get; init; }

    /// <summary>The greedy completion, or the one of the group with the highest reward.</summary>
    public required string Text { get; init; }

    /// <summary>Of a group, in the order sampled.</summary>
    public IReadOnlyList<double>? Rewards { get; init; }

    /// <summary>Whether the group reached the update.</summary>
    public bool? Admitted { get; init; }

    /// <summary>Whether its lone success was not confirmed.</summary>
    public bool? Quarantined { get; init; }

    /// <summary>Whether the greedy answer, or any of the group's, is right; null where a step was asked for.</summary>
    public bool? Correct { get; init; }

    /// <summary>Samples beside the greedy completion.</summary>
    public int? Samples { get; init; }

    public int? SamplesCorrect { get; init; }

    /// <summary>How the other arm that was asked for answered and how this one did; null where none was asked for, or it has no answer.</summary>
    public AnswerPattern? Pattern { get; init; }
}

/// <summary>Where a trajectory comes from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrajectorySource>))]
public enum TrajectorySource
{
    /// <summary>Sampled for training: some groups of each iteration are kept.</summary>
    [JsonStringEnumMemberName("rollout")]
    Rollout,

    /// <summary>Answers to the validation set.</summary>
    [JsonStringEnumMemberName("validation")]
    Validation,

    /// <summary>Answers to a benchmark.</summary>
    [JsonStringEnumMemberName("benchmark")]
    Benchmark,
}

/// <summary>Two arms' greedy answers to one problem.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerPattern>))]
public enum AnswerPattern
{
    /// <summary>Both are wrong.</summary>
    [JsonStringEnumMemberName("neither")]
    Neither,

    /// <summary>The other is wrong and this one right.</summary>
    [JsonStringEnumMemberName("won")]
    Won,

    /// <summary>The other is right and this one wrong.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,

    /// <summary>Both are right.</summary>
    [JsonStringEnumMemberName("both")]
    Both,
}
