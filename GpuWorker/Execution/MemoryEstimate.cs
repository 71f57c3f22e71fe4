using System.Globalization;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Policies;

namespace GpuWorker.Execution;

/// <summary>What an update or a rollout takes, from the shapes alone: known before a tensor is made.</summary>
/// <param name="Policy">Bytes of the policy's own parameters.</param>
/// <param name="Training">Bytes of gradients, the optimiser's numbers and the adapter; 0 for a rollout.</param>
/// <param name="Activations">Bytes of what one micro-batch, or a rollout's keys, values and logits, take at their most.</param>
internal sealed record MemoryEstimate(long Policy, long Training, long Activations)
{
    public long Total => Policy + Training + Activations;

    /// <summary>An update's.</summary>
    /// <remarks>
    /// Per trained parameter: float32 gradient, mean and square (12 bytes), the adapter's factors 4 more; bfloat16 originals and coarse gradients 6 more. Per token of a micro-batch:
    /// in each layer about 8 hidden, 6 query, 4 key-value and 4 feed-forward sizes, in one layer only where activations are recomputed; and five
    /// float32 rows of the vocabulary for the logits, their log-softmax, its gradient and the entropy.
    /// </remarks>
    public static MemoryEstimate OfUpdate(PolicyConfig config, Precision precision, AdapterPlan? adapter, MemoryPlan memory)
    {
        PolicyLayout layout = new(config);
        var size = SizeOf(precision);
        var training = adapter is null
            ? layout.Length * (precision == Precision.BFloat16 ? 18L : 12)
            : Factors(layout, adapter) * 16;
        var perLayer = 8L * config.HiddenSize + 6L * config.NumAttentionHeads * config.HeadSize + 4L * config.KeyValueHeads * config.HeadSize + 4L * config.IntermediateSize;
        var kept = memory.RecomputeActivations
            ? perLayer + (long)config.NumHiddenLayers * config.HiddenSize
            : perLayer * config.NumHiddenLayers;
        return new(layout.Length * size, training, memory.MicroBatchTokens * (kept * size + 5L * 4 * config.VocabSize));
    }

    /// <summary>A rollout's, over so many rows of so many tokens at once.</summary>
    public static MemoryEstimate OfRollout(PolicyConfig config, Precision precision, long rows, long tokens)
    {
        var size = SizeOf(precision);
        var cache = 2L * config.NumHiddenLayers * config.KeyValueHeads * config.HeadSize * tokens * size;
        return new(new PolicyLayout(config).Length * size, 0, rows * (cache + 12L * config.VocabSize));
    }

    /// <summary>Refuses an import for a plan whose arms could not be trained here.</summary>
    /// <exception cref="InvalidDataException">Some do not fit; each is named with what it takes and what would make it fit.</exception>
    public static void Require(PolicyConfig config, ImportItem item, long? limit)
    {
        if (limit is not { } most)
            return;
        List<string> unfit = [];
        foreach (var training in item.Trainings ?? [])
        {
            var estimate = OfUpdate(config, item.Precision, training.Adapter, training.Memory);
            if (estimate.Total > most)
                unfit.Add($"{training.Name} takes about {estimate}");
        }

        var alone = new PolicyLayout(config).Length * SizeOf(item.Precision);
        if (alone > most)
            unfit.Add($"the policy alone takes {Megabytes(alone)}");
        if (unfit.Count > 0)
            throw new InvalidDataException($"Expected training to fit into the {Megabytes(most)} of this worker (Compute:MemoryMegabytes, or what is free); {string.Join("; ", unfit)}. {Advice}");
    }

    /// <summary>Refuses an update that does not fit.</summary>
    /// <exception cref="WorkFailedException">It does not.</exception>
    public void Require(long? limit)
    {
        if (limit is { } most && Total > most)
        {
            throw new WorkFailedException(
                WorkFailedException.TooLarge,
                $"Expected an update that fits into the {Megabytes(most)} of this worker (Compute:MemoryMegabytes, or what is free), this one takes about {this}. {Advice}");
        }
    }

    public override string ToString() =>
        $"{Megabytes(Total)} (policy {Megabytes(Policy)}, training {Megabytes(Training)}, activations {Megabytes(Activations)})";

    private const string Advice = "Give the arm an adapter, set base.precision to bfloat16, memory.recomputeActivations to true or memory.microBatchTokens lower, or use a worker with more memory.";

    private static long Factors(PolicyLayout layout, AdapterPlan adapter) => layout.Slots
        .Where(slot => slot.Offset >= layout.MatricesAt && adapter.Targets.Any(target => slot.Name.Contains(AdapterShape.AllTargets[(int)target], StringComparison.Ordinal)))
        .Sum(slot => (long)adapter.Rank * (slot.Rows + slot.Columns));

    private static int SizeOf(Precision precision) => precision == Precision.BFloat16 ? 2 : 4;

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB");
}
