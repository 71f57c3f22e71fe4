namespace Curriculum.Work;

/// <summary>The answers to an <see cref="EvaluateItem"/>, in the order of its problems.</summary>
public sealed record EvaluateOutput : WorkOutput
{
    /// <summary>Most bytes of text, in UTF-8, of all samples that are kept of one item: those of its first problems.</summary>
    public const int MostSampledBytes = 1024 * 1024;

    public required IReadOnlyList<ProblemAnswers> Answers { get; init; }
}

/// <summary>How one problem was answered.</summary>
public sealed record ProblemAnswers
{
    public required string ProblemId { get; init; }

    public required bool GreedyCorrect { get; init; }

    /// <summary>Whether the answer is right and every written step holds on its own.</summary>
    public required bool GreedyStepsValid { get; init; }

    public required string GreedyText { get; init; }

    public required int Samples { get; init; }

    public required int SamplesCorrect { get; init; }

    public required int SamplesStepsValid { get; init; }

    /// <summary>The samples as they were written, for people: in answers to benchmarks alone, and null where the item's are more than is kept.</summary>
    public IReadOnlyList<SampledAnswer>? Sampled { get; init; }

    /// <summary>Mean completion tokens over the samples, or of the greedy completion when there are none.</summary>
    public required double MeanTokens { get; init; }
}

/// <summary>One sample.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Correct">Whether the answer is right.</param>
public sealed record SampledAnswer(string Text, bool Correct);
