using System.Text.Json.Serialization;
using Curriculum.Evaluation;
using Curriculum.Training;

namespace Curriculum.Api;

/// <summary>A run as <c>GET /api/runs/{id}</c> shows it.</summary>
public sealed record RunStatus
{
    public required string Id { get; init; }

    /// <summary>The plan's name; null where the plan cannot be read.</summary>
    public string? Name { get; init; }

    /// <summary>Null where the plan cannot be read.</summary>
    public string? PlanHash { get; init; }

    /// <summary>Where the plan cannot be read, when it was written last.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    public required RunState State { get; init; }

    /// <summary>What the run does at the moment.</summary>
    public string? Phase { get; init; }

    /// <summary>What it came to in one sentence, once it has concluded.</summary>
    public string? Headline { get; init; }

    /// <summary>The verdict in a word, once it has concluded: whether the curriculum wins against every arm, loses to one, or neither.</summary>
    public Decision? Decision { get; init; }

    /// <summary>What failed, if anything did.</summary>
    public IReadOnlyList<RunFailure>? Failures { get; init; }

    /// <summary>The arms that have begun; left out in lists of runs.</summary>
    public IReadOnlyList<ArmProgress>? Arms { get; init; }

    /// <summary>The run that this one goes on from.</summary>
    public RunOrigin? From { get; init; }

    /// <summary>What went wrong and was mended, the newest last; left out in lists of runs.</summary>
    public IReadOnlyList<Incident>? Incidents { get; init; }

    /// <summary>What training has used up so far; left out in lists of runs.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What that has cost; left out in lists of runs.</summary>
    public RunCost? Cost { get; init; }

    /// <summary>Trained arms times seeds.</summary>
    public int Trainings { get; init; }

    public long BudgetPerArm { get; init; }

    /// <summary>Whether nothing more happens to the run.</summary>
    [JsonIgnore]
    public bool HasEnded => State is RunState.Completed or RunState.Failed or RunState.Canceled;
}

/// <summary>Some runs, the newest first.</summary>
/// <param name="Next">Asks for the runs after these, as <c>?before=</c>; null where there are none.</param>
public sealed record RunList(IReadOnlyList<RunStatus> Runs, string? Next = null);

/// <summary>Where a run goes on from.</summary>
/// <param name="Run">The run whose checkpoints are copied.</param>
/// <param name="Retry">Whether what failed is done again and all else is taken as it is; else a fork, which goes on from checkpoints.</param>
/// <param name="Stage">The stage whose checkpoint a fork goes on from; null for each arm's newest.</param>
/// <param name="Updates">The checkpoint's updates; null for the stage's newest.</param>
public sealed record RunOrigin(string Run, bool Retry, int? Stage = null, int? Updates = null);

/// <summary>One thing that went wrong in a run and was mended, or not.</summary>
public sealed record Incident(DateTimeOffset At, string What);

/// <summary>What workers have cost so far.</summary>
/// <param name="Machine">The kind of machine that is reckoned with (Costs__Machine).</param>
public sealed record RunCost(double Amount, string Currency, string Machine);
