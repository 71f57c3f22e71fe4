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

        inputs = VocabularyExtension.Of(inputs, item.Characters);
        using var policy = LoadedPolicy.Load(inputs, device);
        using PolicyOptimizer optimizer = new(policy.Weights, item.Optimizer);
        if (!item.FreshOptimizer)
            Restore(optimizer, inputs);
        var trainsValues = inputs.Batches.Any(batch => batch.Sampled.Any(sequence => sequence.Returns is not null));
        using var values = trainsValues ? ValueHead.Load(policy.Weights, inputs, item.FreshOptimizer) : null;
        using Trainer trainer = new(policy.Weights, optimizer, item.LossKind, item.Loss, item.MaxNewTokens, values);
        for (var i = 0; i < item.Steps.Count; i++)
        {
            var done = i;
            var rows = BatchRows.Of(inputs.Batches[i], item.LossKind, policy, item.PromptPrefix is null ? policy.Prefix : "");
            trainer.Train(rows, item.Steps[i].RateFactor, share => mark((done + share) / item.Steps.Count));
        }

        var counters = TrainingCounters.Of(inputs).Add(item.Steps.Count, trainer.Metrics);
        var config = policy.Weights.Config with { PromptPrefix = item.PromptPrefix ?? policy.Weights.Config.PromptPrefix };
        return NewState(policy.Weights, config, optimizer, values, counters, trainer.Metrics);
    }

    /// <summary>The parts of a state after training.</summary>
    public static ComputedState NewState(
        PolicyWeights weights, PolicyConfig config, PolicyOptimizer optimizer, ValueHead? values, TrainingCounters counters, UpdateMetrics metrics)
    {
        Dictionary<string, ReadOnlyMemory<byte>> parts = new()
        {
            [StatePartNames.Config] = config.ToBytes(),
            [StatePartNames.Policy] = weights.ToSafetensors(),
            [StatePartNames.Optimizer] = optimizer.Save(),
            [StatePartNames.Counters] = counters.ToBytes(),
        };
        if (values is not null)
            parts.Add(StatePartNames.Values, values.Save());
        return new(parts, metrics);
    }

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
