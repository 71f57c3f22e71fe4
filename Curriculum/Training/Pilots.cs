using Curriculum.Plans;

namespace Curriculum.Training;

/// <summary>Decides when a stage's problems are piloted: a pure function.</summary>
public static class Pilots
{
    /// <summary>Before the first iteration, and then every so many iterations while problems that may have changed are deferred.</summary>
    public static bool Due(ProfilePlan? plan, StageState state) => plan is not null && (
        state.Profile is not { } profile || state.Difficulty is null
        || (plan.AgainEvery > 0
            && state.Iteration - profile.Iteration >= plan.AgainEvery
            && state.Difficulty.Unknown + state.Difficulty.TooHard + state.Difficulty.NotPiloted > 0));
}
