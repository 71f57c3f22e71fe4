using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>A way to train: what is drawn, how it is rewarded, what of it is used, what a batch and its loss are, and what that costs.</summary>
/// <remarks>Everything is a pure function of the plan and of what is handed in. Whoever trains knows this class alone and none of its methods by name.</remarks>
public abstract class TrainingMethod(StagePlan plan)
{
    /// <summary>The method of a stage.</summary>
    public static TrainingMethod Of(StagePlan plan) => plan switch
    {
        SftPlan sft => new Sft(sft),
        SrlPlan srl => new Srl(srl),
        RlvrPlan rlvr => new Rlvr(rlvr),
        ExpertIterationPlan expert => new ExpertIteration(expert),
        BestOfNPlan best => new BestOfN(best),
        ReturnConditionedPlan conditioned => new ReturnConditioned(conditioned),
        _ => throw new ArgumentException($"Expected a method that is known here, found {plan.Method}.", nameof(plan)),
    };

    /// <summary>The stage, as planned.</summary>
    public StagePlan Plan { get; } = plan;

    /// <summary>How the loss of an update is put together.</summary>
    public virtual LossPlan Loss => new();

    /// <summary>Characters beyond the family's own that prompts and completions have; null for none.</summary>
    public virtual string? Characters(IProblemFamily family) => null;

    /// <summary>What an iteration trains on.</summary>
    public abstract UpdateMaterial Update(IterationMaterial iteration);
}

/// <summary>What an update is made of.</summary>
public sealed record IterationMaterial
{
    public required StageKey Stage { get; init; }

    public required int Iteration { get; init; }

    /// <summary>Problems of the stage's pool by draw: an iteration of a stage that samples, a batch of one that does not.</summary>
    public required Func<int, IReadOnlyList<Problem>> Draw { get; init; }

    /// <summary>Finds a problem of the pool by its id.</summary>
    public required Func<string, Problem> Problem { get; init; }

    /// <summary>Whether the policy is asked in a chat template.</summary>
    public required bool Chat { get; init; }

    /// <summary>The admitted groups, in the order sampled; none where nothing is sampled.</summary>
    public IReadOnlyList<TrajectoryGroup> Groups { get; init; } = [];

    /// <summary>What earlier iterations of the stage gathered; null where a method gathers nothing.</summary>
    public UpdateBatch? Gathered { get; init; }
}

/// <summary>What the trainer is given: it knows tokens, weights and a loss, and no method behind them.</summary>
public sealed record UpdateMaterial(IReadOnlyList<UpdateBatch> Batches, LossKind Loss)
{
    /// <summary>Whether the update goes from the stage's first state with a fresh optimiser, not from the newest.</summary>
    public bool FromStart { get; init; }

    /// <summary>What the policy's prompts begin with from then on; null to leave it as it is.</summary>
    public string? PromptPrefix { get; init; }

    /// <summary>What the next iteration goes on gathering; null where a method gathers nothing.</summary>
    public UpdateBatch? Gathered { get; init; }
}
