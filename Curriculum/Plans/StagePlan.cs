using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>One method over the training pool, with its share of the arm's budget: the keys that every method has.</summary>
/// <remarks>Each method is a record of its own, told by the key <c>method</c>, and has no key of another.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(SftPlan), "sft")]
[JsonDerivedType(typeof(SrlPlan), "srl")]
[JsonDerivedType(typeof(RlvrPlan), "rlvr")]
[JsonDerivedType(typeof(ExpertIterationPlan), "expert-iteration")]
[JsonDerivedType(typeof(BestOfNPlan), "best-of-n")]
[JsonDerivedType(typeof(ReturnConditionedPlan), "return-conditioned")]
public abstract record StagePlan
{
    /// <summary>Share of the arm's budget, above 0 and at most 1; an arm's shares sum to 1. Default 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Problems drawn per iteration. Default 16 (SRL draws every step of each: use fewer).</summary>
    public int ProblemsPerIteration { get; init; } = 16;

    /// <summary>Longest completion in tokens. Default 96.</summary>
    public int MaxNewTokens { get; init; } = 96;

    public OptimizerPlan Optimizer { get; init; } = new();

    public MemoryPlan Memory { get; init; } = new();

    /// <summary>Updates between checkpoints, each of which is evaluated on the validation set. Default 10.</summary>
    public int CheckpointEvery { get; init; } = 10;

    /// <summary>Difficulty profile. Default: none, all problems are drawn alike.</summary>
    public ProfilePlan? Profile { get; init; }

    public GuardsPlan Guards { get; init; } = new();

    public GatePlan Gate { get; init; } = new();

    /// <summary>Its name in verdicts, reports and status.</summary>
    [JsonIgnore]
    public abstract Method Method { get; }

    /// <summary>What a completion is: one step, or the whole solution.</summary>
    [JsonIgnore]
    public abstract CompletionTarget Completion { get; }

    /// <summary>Whether the stage draws from the problems that come with an expert's solution.</summary>
    [JsonIgnore]
    public abstract bool NeedsDemonstrations { get; }

    /// <summary>Whether a stage that ends without one update has failed: it was to imitate and never did. Otherwise that is a finding.</summary>
    [JsonIgnore]
    public virtual bool MustUpdate => false;

    /// <summary>Whether one worker runs several whole iterations in one work item.</summary>
    [JsonIgnore]
    public abstract bool IsColocated { get; }

    /// <summary>Batches that one update work item trains on.</summary>
    [JsonIgnore]
    public virtual int BatchesPerItem => 1;
}
