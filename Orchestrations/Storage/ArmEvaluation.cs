using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Where an arm's evaluation is.</summary>
/// <param name="Checkpoint">The policy that was evaluated.</param>
internal sealed record ArmEvaluation(ArmKey Arm, StateRef Checkpoint, IReadOnlyList<BenchmarkItems> Benchmarks)
{
    /// <summary>What it was chosen by; null where no checkpoint was validated, and the last one was taken.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The probes of the chosen checkpoint; null where the plan has none, and for an arm without stages, which is the base itself.</summary>
    public ProbeItems? Probe { get; init; }

    public static string Blob(ArmKey arm) => $"{arm.Run}/measures/{arm.Path}.json";
}

/// <summary>The work items of one benchmark, in the order of its problems.</summary>
internal sealed record BenchmarkItems(string Benchmark, IReadOnlyList<WorkItemId> Items);

/// <summary>The work items that probe one policy; null for what was not asked.</summary>
internal sealed record ProbeItems(WorkItemId? Completions = null, WorkItemId? Scores = null, WorkItemId? Many = null, WorkItemId? Groups = null);
