using GpuWorker.Tokenizers;

namespace GpuWorker.Rollouts;

/// <summary>The text of a completion, as it is graded.</summary>
internal static class CompletionText
{
    /// <summary>The completion up to its first stop character: the token that contains it may be longer, as <c>.\n\n</c> is.</summary>
    public static string Of(ITokenizer tokenizer, ReadOnlySpan<int> tokens, char stop)
    {
        var text = tokenizer.Decode(tokens);
        var end = text.IndexOf(stop, StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }
}
