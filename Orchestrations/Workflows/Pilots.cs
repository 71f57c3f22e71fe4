using Curriculum.Plans;

namespace Orchestrations.Workflows;

/// <summary>Decides when a stage's problems are piloted: a pure function.</summary>
public static class Pilots
{
    /// <summary>Before the first iteration, and then every so many iterations while problems that may have changed are deferred.</summary>
    public static bool Due(ProfilePlan? plan, StageProgress progress) => plan is not null && (
        progress.Profile is not { } profile || progress.Difficulty is null
        || (plan.AgainEvery > 0
            && progress.Iteration - profile.Iteration >= plan.AgainEvery
            && progress.Difficulty.Unknown + progress.Difficulty.TooHard + progress.Difficulty.NotPiloted > 0));
}
