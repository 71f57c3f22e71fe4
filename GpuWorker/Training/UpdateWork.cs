using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Takes the optimiser steps of an update item, from one state to the next.</summary>
internal static class UpdateWork
{
    /// <exception cref="WorkFailedException">The state or a batch cannot be used, or training diverged to non-finite numbers.</exception>
    public static ComputedState Execute(UpdateItem item, LoadedInputs inputs, Device device, bool lanes, long? memory, Action<double> heartbeat)
    {
        if (item.Steps.Count == 0)
            throw Bad("Expected at least one batch, found none.");
        if (item.Loss.Epochs < 1 || item.Loss.Minibatches < 1)
            throw Bad($"Expected at least one epoch and one minibatch, found {item.Loss.Epochs} and {item.Loss.Minibatches}.");
        if (!(item.Temperature > 0))
            throw Bad($"Expected a temperature above 0, found {item.Temperature}.");

        var stored = inputs;
        inputs = VocabularyExtension.Of(inputs, item.Characters);
        RequireMemory(item, inputs, memory, longest: 0);
        using var policy = LoadedPolicy.Load(inputs, device);
        if (item.Adapter is { } adapter)
            policy.Adapt(adapter, item.Id);
        else if (policy.Weights.Adapter is not null)
            throw Bad("Expected an item with an adapter, as the state has one; found an item without.");
        using PolicyOptimizer optimizer = new(policy.Weights, item.Optimizer);
        if (!item.FreshOptimizer)
            Restore(optimizer, inputs);
        var trainsValues = item.Steps.Any(step => step.Batch.Sampled.Any(sequence => sequence.Returns is not null));
        using var values = trainsValues ? ValueHead.Load(policy.Weights, inputs, item.FreshOptimizer) : null;
        using Trainer trainer = new(policy.Weights, optimizer, item.LossKind, item.Loss, item.MaxNewTokens, values) { Lanes = lanes, Memory = item.Memory, Temperature = item.Temperature };
        var batches = item.Steps.Select(step => BatchRows.Of(step.Batch, item.LossKind, policy, item.PromptPrefix is null ? policy.Prefix : "")).ToArray();
        RequireMemory(item, inputs, memory, batches.Max(trainer.LongestPack));
        for (var i = 0; i < item.Steps.Count; i++)
        {
            var done = i;
            trainer.Train(batches[i], item.Steps[i].RateFactor, share => heartbeat((done + share) / item.Steps.Count));
        }

        var counters = TrainingCounters.Of(inputs).Add(item.Steps.Count, trainer.Metrics);
        var config = PolicyConfig.WithPrefix(inputs.Part(StatePartNames.Config).ToArray(), item.PromptPrefix ?? policy.Weights.Config.PromptPrefix);
        return NewState(policy.Weights, config, optimizer, values, counters, trainer.Metrics, inputs, stored);
    }

    /// <summary>The state after training: what was trained or differs from the earlier state is stored; the rest is shared with it.</summary>
    public static ComputedState NewState(
        PolicyWeights weights, byte[] config, PolicyOptimizer optimizer, ValueHead? values, TrainingCounters counters, UpdateMetrics metrics, LoadedInputs inputs, LoadedInputs stored)
    {
        Dictionary<string, StoredBytes> parts = new()
        {
            [StatePartNames.Optimizer] = optimizer.Save(),
            [StatePartNames.Counters] = counters.ToBytes(),
        };
        if (values is not null)
            parts[StatePartNames.Values] = values.Save();
        if (weights.Adapter is { } adapter)
            (parts[StatePartNames.Adapter], parts[StatePartNames.AdapterConfig]) = (adapter.ToSafetensors(), adapter.Config.ToBytes());
        else
            parts[StatePartNames.Policy] = weights.ToSafetensors();
        if (!stored.StateParts.TryGetValue(StatePartNames.Config, out var before) || !before.ToArray().AsSpan().SequenceEqual(config))
            parts[StatePartNames.Config] = config;

        List<string> unchanged = [];
        foreach (var (name, part) in inputs.StateParts.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            if (parts.ContainsKey(name) || StatePartNames.IsTrained(name) || (weights.Adapter is null && StatePartNames.IsPolicy(name)))
                continue;
            if (ReferenceEquals(part, stored.StateParts.GetValueOrDefault(name)))
                unchanged.Add(name);
            else
                parts[name] = part;
        }

        return new(parts, metrics) { Unchanged = unchanged };
    }

    // Loading refuses a config that cannot be read.
    private static void RequireMemory(UpdateItem item, LoadedInputs inputs, long? memory, int longest)
    {
        try
        {
            MemoryEstimate.OfUpdate(PolicyConfig.Read(inputs.Part(StatePartNames.Config).ToArray()), inputs.Precision, item.Adapter, item.Memory, longest).Require(memory);
        }
        catch (InvalidDataException)
        {
        }
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
