using System.Text.Json.Serialization;
using Curriculum.Plans;

namespace Curriculum.Work;

/// <summary>Optimiser steps from one state to the next; answers with an <see cref="UpdateOutput"/>.</summary>
/// <remarks>The trainer knows tokens, advantages and a loss, never the algorithm behind them.</remarks>
public sealed record UpdateItem : WorkItem
{
    public required StateRef State { get; init; }

    /// <summary>Folder in the <c>runs</c> container that the next state is written to.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Batches, each one an iteration's <c>epochs x minibatches</c> optimiser steps, taken in order.</summary>
    public required IReadOnlyList<UpdateStep> Steps { get; init; }

    public required LossKind LossKind { get; init; }

    public required LossPlan Loss { get; init; }

    /// <summary>Of every log-probability of the policy: that at which the sequences of a policy gradient were drawn; 1 for a likelihood.</summary>
    public required double Temperature { get; init; }

    public required OptimizerPlan Optimizer { get; init; }

    public MemoryPlan Memory { get; init; } = new();

    /// <summary>What is trained instead of the policy's own parameters; begun by the first update, where the state has none. Null for full fine-tuning.</summary>
    public AdapterPlan? Adapter { get; init; }

    /// <summary>The longest allowed completion, the L of Dr. GRPO's constant.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Whether the optimiser starts anew (a stage's first update) and the state's own is left aside.</summary>
    public required bool FreshOptimizer { get; init; }

    /// <summary>Characters that the policy must know; those that it does not are added to its vocabulary. Null for none.</summary>
    public string? Characters { get; init; }

    /// <summary>What the next state's prompts begin with from now on; the item's own prompts are whole then. Null to leave it as it is.</summary>
    public string? PromptPrefix { get; init; }
}

/// <summary>One batch and the factor on the learning rates.</summary>
public sealed record UpdateStep(UpdateBatch Batch, double RateFactor);

/// <summary>The losses that the trainer knows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossKind>))]
public enum LossKind
{
    /// <summary>Clipped probability ratio times the advantage handed in.</summary>
    [JsonStringEnumMemberName("policy-gradient")]
    PolicyGradient,

    /// <summary>Negative log-likelihood times the weight handed in.</summary>
    [JsonStringEnumMemberName("likelihood")]
    Likelihood,
}
