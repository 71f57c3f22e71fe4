using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>A method that learns from groups of its policy's own completions.</summary>
public abstract class SampledMethod(SampledStagePlan plan) : TrainingMethod(plan)
{
    /// <summary>The stage, as planned.</summary>
    public SampledStagePlan Sampling { get; } = plan;

    /// <summary>The reward, resolved.</summary>
    public RewardPlan Reward => Grader.Resolve(Sampling);

    /// <summary>The log-probabilities of the stage's first state are wanted beside those of the policy.</summary>
    public virtual bool NeedsReference => false;

    /// <summary>The value of each state that a token is written in is wanted.</summary>
    public virtual bool NeedsValues => false;

    /// <summary>Longest monologue before a completion; 0 for none.</summary>
    public virtual int MonologueTokens => 0;

    /// <summary>What a problem is asked for: its whole solution, or its steps one by one.</summary>
    public IEnumerable<RolloutPrompt> Prompts(Problem problem) =>
        Plan.Completion == CompletionTarget.Step ? StepInstances.Of(problem) : [new() { Problem = problem }];

    /// <summary>A prompt as it is sent: an expert's steps have no business in a rollout that is rewarded for its answer.</summary>
    public virtual RolloutPrompt Shown(RolloutPrompt prompt) =>
        Plan.NeedsDemonstrations ? prompt : prompt with { Problem = prompt.Problem with { Steps = [] } };

    /// <summary>Whether a group has something to learn from.</summary>
    public abstract bool IsUseful(TrajectoryGroup group);

    /// <summary>Whether the rewards of a group differ by more than the plan's minimum.</summary>
    protected bool HasSpread(TrajectoryGroup group) => Rounding.Above(
        GroupAdvantages.PopulationStd([.. group.Trajectories.Select(trajectory => trajectory.Reward)]), Sampling.Admission.MinimumStd);

    /// <summary>What a group has to have for that, in words.</summary>
    public abstract string Useful { get; }
}
