using System.Buffers;

namespace GpuWorker.Tokenizers;

/// <summary>Finds a vocabulary's added tokens in text: leftmost first, then longest.</summary>
internal sealed class AddedTokens
{
    private readonly SearchValues<string> _any;
    private readonly (string Text, int Id)[] _longestFirst;

    public AddedTokens(IEnumerable<(string Text, int Id)> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(token => token.Text.Length)];
        _any = SearchValues.Create([.. _longestFirst.Select(token => token.Text)], StringComparison.Ordinal);
    }

    /// <summary>The pieces of a text in order: an added token's id, or text between added tokens with the id -1.</summary>
    public IEnumerable<(int Start, int Length, int Id)> Split(string text)
    {
        var at = 0;
        while (_longestFirst.Length > 0 && Find(text, at) is (var found, var token))
        {
            if (found > at)
                yield return (at, found - at, -1);
            yield return (found, token.Text.Length, token.Id);
            at = found + token.Text.Length;
        }

        if (at < text.Length)
            yield return (at, text.Length - at, -1);
    }

    private (int Index, (string Text, int Id) Token)? Find(string text, int from)
    {
        var found = text.AsSpan(from).IndexOfAny(_any);
        if (found < 0)
            return null;
        var index = from + found;
        return (index, _longestFirst.First(token => text.AsSpan(index).StartsWith(token.Text, StringComparison.Ordinal)));
    }
}
