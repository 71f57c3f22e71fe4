namespace Orchestrations.Trajectories;

/// <summary>Trajectories that are read at once: those of an iteration, or of one work item.</summary>
/// <param name="At">The place of the first of them.</param>
/// <param name="ReadAsync">Reads them, in their order.</param>
internal sealed record Shelf(TrajectoryPlace At, Func<CancellationToken, Task<IReadOnlyList<TrajectoryEntry>>> ReadAsync);
