using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>Measures the base before any training: what it recites, and what the probes are held against later.</summary>
public static class AuditOrchestrator
{
    [Function(nameof(AuditOrchestrator))]
    public static async Task<AuditedBase> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<AuditInput>()!;
        var planned = await context.CallActivityAsync<PlannedAudit>(nameof(AuditBase), new AuditBaseInput(input, context.InstanceId), Retries.Storage);
        await WorkWait.AllAsync(context, planned.Waiting);
        if (planned.Probe is not { } probe)
            return new(planned.Audits, null);

        // The base's own samples are among the texts that are scored, so they come first.
        var scored = await context.CallActivityAsync<PlannedProbe>(
            nameof(ScoreBase), new ScoreBaseInput(input, probe, context.InstanceId), Retries.Storage);
        await WorkWait.AllAsync(context, scored.Waiting);
        return new(planned.Audits, scored.Items);
    }
}

/// <summary>Input of <see cref="AuditOrchestrator"/>.</summary>
public sealed record AuditInput(string Run, StateRef Base)
{
    /// <summary>What stands for the arm in the ids of the audit's work.</summary>
    public const string Arm = "audit";
}

/// <summary>Where the audit's results are.</summary>
public sealed record AuditedBase(IReadOnlyList<BenchmarkItems> Audits, ProbeItems? Probe);

/// <summary>The work items that probe one policy; null for what was not asked.</summary>
public sealed record ProbeItems(string? Completions, string? Scores, string? Many, string? Groups);
