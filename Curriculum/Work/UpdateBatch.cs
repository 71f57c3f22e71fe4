namespace Curriculum.Work;

/// <summary>What an update trains on: part of its item.</summary>
public sealed record UpdateBatch
{
    /// <summary>Sequences that a policy sampled, with the tokens as sampled.</summary>
    public IReadOnlyList<SampledSequence> Sampled { get; init; } = [];

    /// <summary>Sequences that an expert wrote, as text; the worker's tokenizer encodes them.</summary>
    public IReadOnlyList<WrittenSequence> Written { get; init; } = [];
}

/// <summary>A sampled sequence with one advantage and one old log-probability per completion token.</summary>
public sealed record SampledSequence
{
    public required IReadOnlyList<int> PromptTokens { get; init; }

    public required IReadOnlyList<int> Tokens { get; init; }

    public required IReadOnlyList<float> Advantages { get; init; }

    public required IReadOnlyList<float> OldLogProbs { get; init; }

    /// <summary>Log-probability of each token under the reference policy; null where the loss has no divergence.</summary>
    public IReadOnlyList<float>? ReferenceLogProbs { get; init; }

    /// <summary>What the value of each token's state is trained towards; null where no values are trained.</summary>
    public IReadOnlyList<float>? Returns { get; init; }

    /// <summary>Positions of tokens that were forced and are not trained on; null for none.</summary>
    public IReadOnlyList<int>? ForcedTokens { get; init; }
}

/// <summary>A prompt and its completion, with the weight of each completion token in the likelihood.</summary>
/// <param name="Prompt">What is read.</param>
/// <param name="Completion">What is trained on.</param>
/// <param name="Weight">Of each of its tokens.</param>
/// <param name="AnswerAt">Where in the prompt a chat template ends the user's turn and begins the assistant's; null for its end.</param>
public sealed record WrittenSequence(string Prompt, string Completion, float Weight = 1, int? AnswerAt = null);
