namespace Curriculum.Work;

/// <summary>Continues texts greedily and with samples at temperature 1, and returns what was written; answers with a <see cref="ContinueOutput"/>.</summary>
public sealed record ContinueItem : WorkItem
{
    public required StateRef Policy { get; init; }

    public required IReadOnlyList<ContinuePrompt> Prompts { get; init; }

    /// <summary>Samples per prompt at temperature 1; 0 for the greedy continuation alone.</summary>
    public required int Samples { get; init; }

    /// <summary>Whether the prompts are whole questions, asked as in an evaluation: with the policy's own prefix and in its chat template, where it has them.</summary>
    public required bool Asked { get; init; }

    public required int MaxNewTokens { get; init; }

    /// <summary>Key of the random draws; a draw is a function of it and (prompt key, sample, position).</summary>
    public required string DrawKey { get; init; }
}

/// <summary>A text to continue.</summary>
/// <param name="Key">Names it; unique in its item.</param>
/// <param name="Text">As the policy reads it.</param>
/// <param name="Stop">The character after which a continuation ends.</param>
public sealed record ContinuePrompt(string Key, string Text, char Stop);

/// <summary>The continuations of a <see cref="ContinueItem"/>, in the order of its prompts.</summary>
public sealed record ContinueOutput : WorkOutput
{
    public required IReadOnlyList<Continuation> Continuations { get; init; }
}

/// <summary>How one text was continued, the stop character included where it was reached.</summary>
public sealed record Continuation(string Key, string Greedy, IReadOnlyList<string> Samples);
