using GpuWorker.Tokenizers;

namespace GpuWorker.Rollouts;

/// <summary>The text that a completion is judged by.</summary>
internal static class CompletionText
{
    /// <summary>The completion up to its first stop character: the token that holds it may go on after it, as <c>.\n\n</c> does.</summary>
    public static string Of(ITokenizer tokenizer, ReadOnlySpan<int> tokens, char stop)
    {
        var text = tokenizer.Decode(tokens);
        var end = text.IndexOf(stop, StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }
}
