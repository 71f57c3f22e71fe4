namespace Curriculum.Plans;

/// <summary>What is measured beside accuracy: traces, activation, pass@k at large k, and whether SRL enables RLVR.</summary>
/// <remarks>Off unless a plan names it; <c>"probes": {}</c> switches all of it on with its defaults. See docs/MEASURES.md.</remarks>
public sealed record ProbePlan
{
    /// <summary>Number of problems, from the start of the first benchmark, that every probe uses. Default 32.</summary>
    public int Problems { get; init; } = 32;

    /// <summary>Completions at temperature 1 whose text is kept, for traces, behaviours and the divergence from the base; 0 for the greedy one only. Default 4.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>Samples per problem behind pass@k, the largest k; 0 for none. Default 64.</summary>
    public int PassAtK { get; init; } = 64;

    /// <summary>Number of problems, from the start of the training pool, on which groups are sampled before and after SRL; 0 for none. Default 64.</summary>
    public int EnablingProblems { get; init; } = 64;

    /// <summary>Trajectories in each of those groups. Default 8.</summary>
    public int EnablingGroupSize { get; init; } = 8;
}
