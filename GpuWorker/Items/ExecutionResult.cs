using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Checkpoints;

namespace GpuWorker.Items;

/// <summary>The result of computing an item.</summary>
internal abstract record ExecutionResult;

/// <summary>An output that is complete: of a rollout or an evaluation.</summary>
internal sealed record ComputedOutput(WorkOutput Output) : ExecutionResult;

/// <summary>A new state, of an update or a pretraining, that has yet to be stored.</summary>
/// <param name="Parts">The parts that are new, by name, in the bytes to store.</param>
/// <param name="Metrics">Metrics of the optimiser steps.</param>
internal sealed record ComputedState(
    IReadOnlyDictionary<string, StoredBytes> Parts, UpdateMetrics Metrics) : ExecutionResult
{
    /// <summary>Parts of the item's state that the new one shares: they are listed again, not stored again.</summary>
    public IReadOnlyList<string> Unchanged { get; init; } = [];

    /// <summary>All parts of the new state, those of the earlier one that it shares among them.</summary>
    public IReadOnlyDictionary<string, StoredBytes> Over(LoadedInputs before) =>
        Unchanged.Select(name => KeyValuePair.Create(name, before.Part(name))).Concat(Parts).ToDictionary();

    /// <summary>The output, once the state is stored.</summary>
    public UpdateOutput ToOutput(StateRef state) => new()
    {
        State = state,
        OptimizerSteps = Metrics.OptimizerSteps,
        TrainedTokens = Metrics.TrainedTokens,
        Loss = Metrics.Loss,
        GradientNorm = Metrics.GradientNorm,
        ClipFraction = Metrics.ClipFraction,
        Entropy = Metrics.Entropy,
        Divergence = Metrics.Divergence,
        ValueError = Metrics.ValueError,
    };
}

/// <summary>Several iterations of a stage, whose checkpoints have yet to be stored.</summary>
/// <param name="Done">The new state, and what the steps to it left behind.</param>
/// <param name="Iterations">Iterations that ended.</param>
/// <param name="States">The states that are read later.</param>
internal sealed record ComputedStage(StageStep Done, int Iterations, IReadOnlyList<NamedState> States) : ExecutionResult;

/// <summary><see cref="UpdateOutput"/> without the state.</summary>
internal sealed record UpdateMetrics
{
    public required int OptimizerSteps { get; init; }

    public required long TrainedTokens { get; init; }

    public required double Loss { get; init; }

    public required double GradientNorm { get; init; }

    public required double ClipFraction { get; init; }

    public required double Entropy { get; init; }

    public double? Divergence { get; init; }

    public double? ValueError { get; init; }
}
