namespace Curriculum.Training;

/// <summary>How much of a colocated stage one work item does: up to the next checkpoint, and no more than 32 iterations.</summary>
/// <remarks>A function of the states alone, so that every worker does the same share; where a share ends changes no bit of the training.</remarks>
public static class ColocatedShare
{
    public const int MostIterations = 32;

    /// <summary>Whether a state is one that an item begins from.</summary>
    public static bool Begins(StageState state) => state.Phase is StagePhase.Begin or StagePhase.Iterate;

    /// <summary>Whether the step after a state begins no further iteration.</summary>
    /// <param name="begin">The state that the item began from.</param>
    /// <param name="state">The state before the step.</param>
    public static bool IsDone(StageState begin, StageState state) => state.Phase switch
    {
        StagePhase.Validate => state.Iteration > begin.Iteration,
        StagePhase.Update => state.Iteration + 1 - begin.Iteration >= MostIterations,
        _ => false,
    };
}
