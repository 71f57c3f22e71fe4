using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Takes the optimiser steps of an update item, from one state to the next.</summary>
internal static class UpdateWork
{
    /// <exception cref="WorkFailedException">The state or a batch cannot be used, or training left the finite numbers.</exception>
    public static ComputedState Execute(UpdateItem item, LoadedInputs inputs, Device device, Action<double> mark)
    {
        if (item.Steps.Count == 0 || item.Steps.Count != inputs.Batches.Count)
            throw Bad($"Expected one batch for each of at least one step, found {item.Steps.Count} steps and {inputs.Batches.Count} batches.");
        if (item.Loss.Epochs < 1 || item.Loss.Minibatches < 1)
            throw Bad($"Expected at least one epoch and one minibatch, found {item.Loss.Epochs} and {item.Loss.Minibatches}.");

        using var policy = LoadedPolicy.Load(inputs, device);
        using PolicyOptimizer optimizer = new(policy.Weights, item.Optimizer);
        if (!item.FreshOptimizer)
            Restore(optimizer, inputs);
        using Trainer trainer = new(policy.Weights, optimizer, item.LossKind, item.Loss, item.MaxNewTokens);
        for (var i = 0; i < item.Steps.Count; i++)
        {
            var done = i;
            var rows = BatchRows.Of(inputs.Batches[i], item.LossKind, policy);
            trainer.Train(rows, item.Steps[i].RateFactor, share => mark((done + share) / item.Steps.Count));
        }

        return NewState(policy.Weights, optimizer, TrainingCounters.Of(inputs).Add(item.Steps.Count, trainer.Metrics), trainer.Metrics);
    }

    /// <summary>The parts of a state after training.</summary>
    public static ComputedState NewState(PolicyWeights weights, PolicyOptimizer optimizer, TrainingCounters counters, UpdateMetrics metrics) => new(
        new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [StatePartNames.Config] = weights.Config.ToBytes(),
            [StatePartNames.Policy] = weights.ToSafetensors(),
            [StatePartNames.Optimizer] = optimizer.Save(),
            [StatePartNames.Counters] = counters.ToBytes(),
        },
        metrics);

    private static void Restore(PolicyOptimizer optimizer, LoadedInputs inputs)
    {
        try
        {
            optimizer.Load(inputs.Part(StatePartNames.Optimizer));
        }
        catch (InvalidDataException error)
        {
            throw new WorkFailedException(WorkFailedException.CorruptState, error.Message, error);
        }
    }

    private static WorkFailedException Bad(string message) => new(WorkFailedException.BadItem, message);
}
