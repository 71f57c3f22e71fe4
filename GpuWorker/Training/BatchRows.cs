using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Policies;

namespace GpuWorker.Training;

/// <summary>The rows of a batch.</summary>
internal static class BatchRows
{
    /// <summary>Sampled sequences, then written ones; in a likelihood the advantages of sampled ones are their weights.</summary>
    /// <param name="batch">The sequences.</param>
    /// <param name="kind">The loss that they are for.</param>
    /// <param name="policy">Whose tokens they are in.</param>
    /// <param name="prefix">What goes before the prompts of written ones; sampled ones have it already.</param>
    /// <exception cref="WorkFailedException">The batch is empty, does not fit the loss or the policy, or carries a number that is not finite.</exception>
    public static IReadOnlyList<TrainingRow> Of(UpdateBatch batch, LossKind kind, LoadedPolicy policy, string prefix)
    {
        if (batch.Sampled.Count + batch.Written.Count == 0)
            throw Bad("Expected a batch with at least one sequence, found none: nothing would be trained.");
        if (kind == LossKind.PolicyGradient && batch.Written.Count > 0)
            throw Bad($"Expected only sampled sequences for the policy-gradient loss, found {batch.Written.Count} written ones, which have no old log-probabilities.");

        return [.. batch.Sampled.Select(sequence => Sampled(sequence, policy)), .. batch.Written.Select(sequence => Written(sequence, policy, prefix))];
    }

    private static TrainingRow Sampled(SampledSequence sequence, LoadedPolicy policy)
    {
        int[] tokens = [.. sequence.PromptTokens, .. sequence.Tokens];
        if (tokens.Any(token => !policy.Knows(token)))
            throw Bad($"Expected tokens from 0 to {policy.Weights.Config.VocabSize - 1} that have a text, found {tokens.First(token => !policy.Knows(token))}.");

        return Checked(
            new(tokens, sequence.PromptTokens.Count, [.. sequence.Advantages], [.. sequence.OldLogProbs])
            {
                ReferenceLogProbs = sequence.ReferenceLogProbs is { } reference ? [.. reference] : null,
                Returns = sequence.Returns is { } returns ? [.. returns] : null,
                ForcedTokens = sequence.ForcedTokens is { Count: > 0 } forced ? forced.ToHashSet() : null,
            },
            sequence.Tokens.Count);
    }

    private static TrainingRow Written(WrittenSequence sequence, LoadedPolicy policy, string prefix)
    {
        try
        {
            var answer = sequence.AnswerAt ?? sequence.Prompt.Length;
            if (answer < 0 || answer > sequence.Prompt.Length)
                throw Bad($"Expected an answer that starts within the {sequence.Prompt.Length} characters of its prompt, found {answer}.");
            var prompt = policy.Prompt(prefix + sequence.Prompt[..answer], sequence.Prompt[answer..]);
            var completion = policy.Tokenizer.Encode(sequence.Completion);
            var weights = new float[completion.Length];
            Array.Fill(weights, sequence.Weight);
            return Checked(new([.. prompt, .. completion], prompt.Length, weights, null), completion.Length);
        }
        catch (FormatException error)
        {
            throw Bad(error.Message, error);
        }
    }

    private static TrainingRow Checked(TrainingRow row, int completion)
    {
        if (row.Start < 1 || completion < 1 || row.Weights.Length != completion || (row.OldLogProbs is { } old && old.Length != completion))
            throw Bad($"Expected a prompt and a completion of at least one token each, with one weight and one old log-probability per completion token, found {row.Start} and {completion} tokens, {row.Weights.Length} weights and {row.OldLogProbs?.Length ?? 0} log-probabilities.");
        foreach (var numbers in (float[]?[])[row.Weights, row.OldLogProbs, row.ReferenceLogProbs, row.Returns])
        {
            if (numbers?.All(float.IsFinite) is false)
                throw new WorkFailedException(WorkFailedException.NonFinite, "Expected finite advantages, log-probabilities and returns in the batch, found one that is not.");
        }

        return row;
    }

    private static WorkFailedException Bad(string message, Exception? inner = null) => new(WorkFailedException.BadItem, message, inner);
}
