using System.Globalization;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Policies;

namespace GpuWorker.Memory;

/// <summary>The memory that an update or a rollout takes, estimated from shapes alone before any tensor is allocated.</summary>
/// <param name="Policy">Bytes of the policy's own parameters.</param>
/// <param name="Training">Bytes of gradients, the optimiser's numbers and the adapter; 0 for a rollout.</param>
/// <param name="Activations">Bytes of one micro-batch, or a rollout's keys, values and logits, at their peak.</param>
internal sealed record MemoryEstimate(long Policy, long Training, long Activations)
{
    public long Total => Policy + Training + Activations;

    /// <summary>The estimate of an update.</summary>
    /// <remarks>
    /// Per trained parameter: float32 gradient, mean and square (12 bytes), the adapter's factors 4 more; bfloat16 master weights and low-precision gradients 6 more. Per token of a micro-batch:
    /// in each layer about 8 hidden, 6 query, 4 key-value and 4 feed-forward sizes, in one layer only where activations are recomputed; and five
    /// float32 rows of the vocabulary for the logits, their log-softmax, its gradient and the entropy.
    /// </remarks>
    /// <param name="config">The policy's.</param>
    /// <param name="precision">What it is held in.</param>
    /// <param name="adapter">What is trained in its place; null for all of it.</param>
    /// <param name="memory">How the update trades time for memory.</param>
    /// <param name="longest">Tokens of the longest sequence, which is never split even if micro-batches are smaller; 0 if unknown.</param>
    public static MemoryEstimate OfUpdate(PolicyConfig config, Precision precision, AdapterPlan? adapter, MemoryPlan memory, long longest = 0)
    {
        PolicyLayout layout = new(config);
        var size = SizeOf(precision);
        var training = adapter is null
            ? layout.Length * (precision == Precision.BFloat16 ? 18L : 12)
            : Factors(layout, adapter) * 16;
        var perLayer = PerLayer(config);
        var kept = memory.RecomputeActivations
            ? perLayer + (long)config.NumHiddenLayers * config.HiddenSize
            : perLayer * config.NumHiddenLayers;
        return new(layout.Length * size, training, Math.Max(memory.MicroBatchTokens, longest) * (kept * size + 5L * 4 * config.VocabSize));
    }

    /// <summary>The estimate of sampling so many completions of so many prompts at once.</summary>
    /// <remarks>
    /// Of the prompts: keys and values, logits, and one layer's activations, whose blocks the allocator keeps afterwards. Of the completions: keys and values of what they write; one
    /// layer's scores, shares and activations; and what a draw takes. Keys and values stand beside those of the three quarters that go on when others have ended.
    /// Intermediate numbers count as float32.
    /// </remarks>
    /// <param name="config">The policy's.</param>
    /// <param name="precision">What it is held in.</param>
    /// <param name="shape">How much is sampled at once.</param>
    /// <param name="drawBytes">What a draw takes for each logit, in bytes, the logit among them.</param>
    public static MemoryEstimate OfSampling(PolicyConfig config, Precision precision, SamplingShape shape, long drawBytes)
    {
        var size = SizeOf(precision);
        var slots = shape.PromptTokens + shape.NewTokens;
        var slotBytes = 2L * config.KeyValueHeads * config.HeadSize * size * config.NumHiddenLayers;
        var reading = shape.Prompts * (shape.PromptTokens * 4 * PerLayer(config) + config.VocabSize * (long)size);
        var kept = shape.Prompts * shape.PromptTokens + shape.Completions * shape.NewTokens;
        var writing = kept * slotBytes * 7 / 4
            + shape.Completions * (slots * 5L * 4 * config.NumAttentionHeads + 4 * PerLayer(config) + config.VocabSize * drawBytes);
        return new(new PolicyLayout(config).Length * size, 0, reading + writing);
    }

    /// <summary>The estimate of scoring so many tokens at once: one layer's activations, and for each token the logits and their log-softmax.</summary>
    public static MemoryEstimate OfScoring(PolicyConfig config, Precision precision, long tokens)
    {
        var size = SizeOf(precision);
        return new(new PolicyLayout(config).Length * size, 0, tokens * (4 * PerLayer(config) + (long)config.VocabSize * (size + (size < 4 ? 8 : 4))));
    }

    /// <summary>Bytes of a policy and of the adapter on it.</summary>
    public static long OfPolicy(PolicyConfig config, Precision precision, long adapter) => new PolicyLayout(config).Length * SizeOf(precision) + adapter;

    /// <summary>Refuses to import a model for a plan whose arms cannot be trained here.</summary>
    /// <exception cref="InvalidDataException">Some do not fit; each is named with what it takes and what would make it fit.</exception>
    public static void Require(PolicyConfig config, ImportItem item, long? limit)
    {
        if (limit is not { } most)
            return;
        List<string> unfit = [];
        foreach (var training in item.Trainings ?? [])
        {
            var estimate = OfUpdate(config, item.Precision, training.Adapter, training.Memory, training.MaxNewTokens);
            if (estimate.Total > most)
                unfit.Add($"{training.Name} takes about {estimate}");
        }

        var alone = new PolicyLayout(config).Length * SizeOf(item.Precision);
        if (alone > most)
            unfit.Add($"the policy alone takes {Megabytes(alone)}");
        if (unfit.Count > 0)
            throw new InvalidDataException($"Expected training to fit into this worker's {Megabytes(most)} (Compute:MemoryMegabytes, or the free memory); {string.Join("; ", unfit)}. {Advice}");
    }

    /// <summary>Refuses an update that does not fit.</summary>
    /// <exception cref="WorkFailedException">It does not.</exception>
    public void Require(long? limit)
    {
        if (limit is { } most && Total > most)
        {
            throw new WorkFailedException(
                WorkFailedException.TooLarge,
                $"Expected an update that fits into this worker's {Megabytes(most)} (Compute:MemoryMegabytes, or the free memory), found one that takes about {this}. {Advice}");
        }
    }

    public override string ToString() =>
        $"{Megabytes(Total)} (policy {Megabytes(Policy)}, training {Megabytes(Training)}, activations {Megabytes(Activations)})";

    private const string Advice =
        "Give the arm an adapter, set base.precision to bfloat16, memory.recomputeActivations to true, memory.microBatchTokens or maxNewTokens lower, or use a worker with more memory.";

    private static long PerLayer(PolicyConfig config) =>
        8L * config.HiddenSize + 6L * config.NumAttentionHeads * config.HeadSize + 4L * config.KeyValueHeads * config.HeadSize + 4L * config.IntermediateSize;

    private static long Factors(PolicyLayout layout, AdapterPlan adapter) => layout.Slots
        .Where(slot => slot.Offset >= layout.MatricesAt && adapter.Targets.Any(target => slot.Name.Contains(LoraConfig.AllTargets[(int)target], StringComparison.Ordinal)))
        .Sum(slot => (long)adapter.Rank * (slot.Rows + slot.Columns));

    /// <summary>Bytes of one number.</summary>
    public static int SizeOf(Precision precision) => precision == Precision.BFloat16 ? 2 : 4;

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB");
}

/// <summary>The size of a batch that is sampled at once.</summary>
/// <param name="Prompts">Prompts that are read.</param>
/// <param name="Completions">Completions of them all.</param>
/// <param name="PromptTokens">Tokens of the longest prompt.</param>
/// <param name="NewTokens">Tokens of the longest completion.</param>
internal readonly record struct SamplingShape(long Prompts, long Completions, long PromptTokens, long NewTokens);
