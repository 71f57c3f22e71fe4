namespace Curriculum.Work;

/// <summary>How likely a policy finds given texts, read after its own prefix, which is not scored; answers with a <see cref="ScoreOutput"/>.</summary>
public sealed record ScoreItem : WorkItem
{
    public required StateRef Policy { get; init; }

    public required IReadOnlyList<ScoredText> Texts { get; init; }
}

/// <summary>A text in segments, which are scored apart but read as one.</summary>
/// <param name="Key">Names it; unique in its item.</param>
/// <param name="Segments">In order; each is tokenised on its own.</param>
public sealed record ScoredText(string Key, IReadOnlyList<string> Segments);

/// <summary>The scores of a <see cref="ScoreItem"/>, in the order of its texts.</summary>
public sealed record ScoreOutput : WorkOutput
{
    public required IReadOnlyList<TextScore> Texts { get; init; }
}

/// <summary>The scores of one text, segment by segment.</summary>
public sealed record TextScore(string Key, IReadOnlyList<SegmentScore> Segments);

/// <summary>One segment.</summary>
/// <param name="Tokens">Tokens predicted; the first token of a text is not.</param>
/// <param name="LogProb">Their log-probabilities at temperature 1, summed, in nats.</param>
public sealed record SegmentScore(int Tokens, double LogProb);
