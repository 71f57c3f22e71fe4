using System.Text.Json.Serialization;
using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Runs;

/// <summary>A run as <c>GET /api/runs/{id}</c> shows it.</summary>
public sealed record RunStatus
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string PlanHash { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary><c>pending</c>, <c>running</c>, <c>paused</c>, <c>canceling</c>, <c>completed</c>, <c>canceled</c>, <c>failed</c> or <c>purging</c>.</summary>
    public required string State { get; init; }

    /// <summary>What the run does at the moment.</summary>
    public string? Phase { get; init; }

    /// <summary>The verdict's sentence, once there is one.</summary>
    public string? Headline { get; init; }

    /// <summary>What failed, if anything did.</summary>
    public IReadOnlyList<string>? Failures { get; init; }

    /// <summary>The arms that have begun; in the list of runs it is left out.</summary>
    public IReadOnlyList<ArmProgress>? Arms { get; init; }

    /// <summary>The run that this one goes on from.</summary>
    public RunOrigin? From { get; init; }

    /// <summary>What went wrong and was mended, the newest last; in the list of runs it is left out.</summary>
    public IReadOnlyList<Incident>? Incidents { get; init; }

    /// <summary>Trained arms times seeds.</summary>
    public required int Trainings { get; init; }

    public required long BudgetPerArm { get; init; }

    /// <summary>The state of a run whose deletion was asked for and goes on.</summary>
    public const string Purging = "purging";

    /// <summary>Whether nothing more happens to the run.</summary>
    [JsonIgnore]
    public bool HasEnded => State is "completed" or "failed" or "canceled";

    public static RunStatus Of(PlanRecord record, OrchestrationMetadata? instance, RunWish wish)
    {
        var summary = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } ? instance.ReadOutputAs<RunSummary>() : null;
        return new()
        {
            Id = record.Run,
            Name = record.Plan.Name,
            PlanHash = record.PlanHash,
            SubmittedAt = record.SubmittedAt,
            From = record.From,
            State = StateOf(instance, summary, wish),
            Phase = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Running, SerializedCustomStatus: not null }
                ? instance.ReadCustomStatusAs<string>()
                : null,
            Headline = summary?.Headline,
            Failures = summary?.Failures ?? (RunFailure.Of(instance) is { } failure ? [failure] : null),
            Trainings = record.Plan.Seeds.Count * record.Plan.Arms.Count(arm => arm.Stages.Count > 0),
            BudgetPerArm = record.Plan.Budget.Amount,
        };
    }

    private static string StateOf(OrchestrationMetadata? instance, RunSummary? summary, RunWish wish) => instance?.RuntimeStatus switch
    {
        null or OrchestrationRuntimeStatus.Pending => "pending",
        OrchestrationRuntimeStatus.Completed => summary?.State ?? "completed",
        OrchestrationRuntimeStatus.Failed => "failed",
        OrchestrationRuntimeStatus.Terminated => "canceled",
        OrchestrationRuntimeStatus.Suspended => "suspended",
        _ => wish switch
        {
            RunWish.Cancel => "canceling",
            RunWish.Pause => "paused",
            _ => "running",
        },
    };
}

/// <summary>A page of runs, the newest first.</summary>
public sealed record RunList(IReadOnlyList<RunStatus> Runs);
