using Curriculum.Admission;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Reads the rollouts of all rounds, admits groups, and sends the update; or a second check, or another round where too few were admitted.</summary>
public sealed class AdmitGroups(FrozenRun frozen, RolloutPlanner rollouts, UpdatePlanner updates, StagePool pool, WorkDispatch dispatch)
{
    [Function(nameof(AdmitGroups))]
    public async Task<AdmittedGroups> Run([ActivityTrigger] AdmitGroupsInput input, CancellationToken cancellationToken)
    {
        var sampled = new SampledRounds();
        foreach (var id in input.Rollouts.Concat(input.Checks))
        {
            var result = await dispatch.ReadResultAsync(id, cancellationToken);
            if (result.Failure is { } failure)
                return AdmittedGroups.Failed(id, failure);
            sampled.Add(WorkItemId.Parse(id), (RolloutOutput)result.Output!, result.Timing.Seconds);
        }

        var stage = await frozen.StageAsync(input.Stage, cancellationToken);
        if (stage.Admission.LoneSuccess.Action == LoneSuccessAction.Check && sampled.Unchecked(input.Round) is { Count: > 0 } lone)
        {
            var check = await rollouts.CheckAsync(input.Stage, stage, input.Progress, input.Round, lone, cancellationToken);
            return new() { Checks = [check.Id], Waiting = await dispatch.SendAsync([check], input.Instance, cancellationToken) };
        }

        var (groups, quarantined) = sampled.Settled();
        var admission = Admit.Decide(groups, stage, input.Round, quarantined);
        var problems = (await pool.AllAsync(input.Stage, stage, cancellationToken)).ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var admitted = new AdmittedGroups
        {
            ForwardTokens = sampled.ForwardTokens,
            GroupsSampled = groups.Count,
            GroupsAdmitted = admission.Groups.Count,
            Yield = admission.Yield,
            Text = TextFigures.Of(groups, id => problems[id]),
            MeanTokens = groups.SelectMany(group => group.Trajectories).Average(trajectory => trajectory.Tokens.Count),
            Rounds = input.Round + 1,
            RolloutItems = input.Rollouts.Count + input.Checks.Count,
            Seconds = sampled.Seconds,
        };
        switch (admission.Decision)
        {
            case AdmissionDecision.Ready:
                var update = await updates.FromGroupsAsync(
                    input.Stage, stage, Spent(input, sampled), input.Allowed, admission.Groups, cancellationToken);
                return admitted with { Update = update.Id, Batches = update.Steps.Count, Waiting = await dispatch.SendAsync([update], input.Instance, cancellationToken) };
            case AdmissionDecision.Refill:
                var more = await rollouts.PlanAsync(input.Stage, stage, input.Progress, input.Round + 1, cancellationToken);
                return admitted with
                {
                    Rollouts = [.. more.Select(item => item.Id)],
                    Waiting = await dispatch.SendAsync(more, input.Instance, cancellationToken),
                };
            default:
                return admitted with { Starved = true };
        }
    }

    private static StageProgress Spent(AdmitGroupsInput input, SampledRounds sampled) => input.Progress with
    {
        ForwardTokens = input.Progress.ForwardTokens + sampled.ForwardTokens,
        Seconds = input.Progress.Seconds + sampled.Seconds,
    };
}

/// <summary>Input of <see cref="AdmitGroups"/>.</summary>
/// <param name="Round">The newest round, 0 for the first.</param>
/// <param name="Rollouts">Ids of the rollout items of all rounds, in order.</param>
/// <param name="Checks">Ids of the second checks of lone successes, at most one a round.</param>
public sealed record AdmitGroupsInput(
    StageKey Stage, string Instance, StageProgress Progress, long Allowed, int Round, IReadOnlyList<string> Rollouts, IReadOnlyList<string> Checks);

/// <summary>What was admitted, and what was sent for it.</summary>
public sealed record AdmittedGroups
{
    /// <summary>Tokens of all rounds.</summary>
    public long ForwardTokens { get; init; }

    public int GroupsSampled { get; init; }

    public int GroupsAdmitted { get; init; }

    public AdmissionYield? Yield { get; init; }

    /// <summary>What the completions of all rounds look like.</summary>
    public TextFigures? Text { get; init; }

    /// <summary>Mean length of the completions of all rounds.</summary>
    public double MeanTokens { get; init; }

    public int Rounds { get; init; }

    /// <summary>Rollout items of all rounds so far.</summary>
    public int RolloutItems { get; init; }

    /// <summary>Worker seconds of all rounds.</summary>
    public double Seconds { get; init; }

    /// <summary>Id of the update item, once enough was admitted.</summary>
    public string? Update { get; init; }

    /// <summary>Batches of that update.</summary>
    public int Batches { get; init; }

    /// <summary>Ids of the rollout items of the next round.</summary>
    public IReadOnlyList<string> Rollouts { get; init; } = [];

    /// <summary>Id of the second check of this round's lone successes, where one was sent.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    public IReadOnlyList<string> Waiting { get; init; } = [];

    public bool Starved { get; init; }

    public StageFailure? Failure { get; init; }

    public static AdmittedGroups Failed(string id, WorkFailure failure) => new() { Failure = StageFailure.Of(id, failure) };
}

/// <summary>The outcome that a failed work item leads to.</summary>
public sealed record StageFailure(StageOutcome Outcome, string Reason)
{
    public const string Canceled = "canceled";
    public const string Capped = "capped";
    public const string Stalled = "stalled";

    public static StageFailure Of(string id, WorkFailure failure) => failure.Kind switch
    {
        Canceled => new(StageOutcome.Canceled, $"The run was canceled: {failure.Message}"),
        Capped => new(StageOutcome.StoppedByCap, failure.Message),
        _ => new(StageOutcome.Failed, $"Work item {id} failed ({failure.Kind}): {failure.Message}"),
    };
}
