namespace Curriculum.Work;

/// <summary>What an update trains on; a blob of its own, referred to by hash.</summary>
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
}

/// <summary>A prompt and its completion, with the weight of each completion token in the likelihood.</summary>
public sealed record WrittenSequence(string Prompt, string Completion, float Weight = 1);
