using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using ADRaffy.ENSNormalize;
using Curriculum.Problems;
using Microsoft.ML.Tokenizers;

namespace GpuWorker.Tokenizers;

/// <summary>Byte-level byte-pair encoding as a <c>tokenizer.json</c> of the Qwen or Llama 3 family describes it.</summary>
/// <remarks>
/// Every text has ids and comes back from them: itself, or its NFC form where the tokenizer normalises to it (Qwen). Text of ill-formed UTF-16 is refused.
/// <see cref="Encode(string)"/> reads what stands in a problem as text, so that no problem can write a control token; <see cref="EncodeWithAddedTokens"/> reads added
/// tokens such as <c>&lt;|im_end|&gt;</c> as the reference implementations do. <see cref="Gsm8k.End"/> stands for the first end token, both ways.
/// </remarks>
internal sealed class ByteLevelTokenizer : ITokenizer
{
    // The order in which they are looked for if no file names the EOS tokens.
    private static readonly string[] KnownEnds = ["<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<|end_of_text|>"];

    private readonly TokenizerJson _json;
    private readonly WordPreTokenizer _words;
    private readonly BpeTokenizer _merges;
    private readonly FrozenDictionary<string, int> _vocabulary;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _vocabularySpans;
    private readonly AddedTokens _raw;
    private readonly AddedTokens _normalized;
    private readonly FrozenDictionary<string, int> _added;
    private readonly byte[]?[] _bytes;
    private readonly int[] _ends;
    private readonly ConcurrentDictionary<char, FrozenSet<int>> _stops = new();

    private ByteLevelTokenizer(TokenizerJson json, IReadOnlyList<int>? ends, string? turnEnd, string? lastEnd)
    {
        _json = json;
        _words = new(json.Digits);
        _vocabulary = json.Vocabulary.ToFrozenDictionary(StringComparer.Ordinal);
        _vocabularySpans = _vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = BpeTokenizer.Create(new BpeOptions(json.Vocabulary) { Merges = json.Merges, ByteLevel = true, PreTokenizer = _words });
        _raw = new(json.Added.Where(token => !token.Normalized).Select(token => (token.Text, token.Id)));
        _normalized = new(json.Added.Where(token => token.Normalized).Select(token => (token.Text, token.Id)));
        _added = json.Added.ToFrozenDictionary(token => token.Text, token => token.Id, StringComparer.Ordinal);
        _bytes = new byte[]?[Math.Max(json.Vocabulary.Max(token => token.Value), json.Added.Select(token => token.Id).DefaultIfEmpty(0).Max()) + 1];
        foreach (var (token, id) in json.Vocabulary)
            _bytes[id] = ByteAlphabet.Bytes(token) ?? Encoding.UTF8.GetBytes(token);
        foreach (var (text, id, _) in json.Added)
            _bytes[id] = Encoding.UTF8.GetBytes(text);
        int[] Resolved(string? text) => text is not null && Id(text) is { } id ? [id] : [];
        _ends = [.. Resolved(turnEnd), .. ends ?? [], .. Resolved(lastEnd)];
        if (ends is null && lastEnd is null)
            _ends = [.. _ends, .. KnownEnds.SelectMany(Resolved)];
        _ends = [.. _ends.Distinct()];
    }

    /// <summary>One more than the highest id.</summary>
    public int Size => _bytes.Length;

    /// <summary>The highest id that a prompt can have. Added tokens can be higher: no text can write them.</summary>
    public int HighestPromptId => _vocabulary.Values.Concat(_json.Prefix).Max();

    /// <summary>The tokens that end a text.</summary>
    public IReadOnlyList<int> EosTokenIds => _ends;

    /// <summary>Reads a <c>tokenizer.json</c>.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="ends">The ids that end a text, <c>eos_token_id</c> of the model's <c>config.json</c>; null for those that the family is known by.</param>
    /// <param name="turnEnd">The added token that comes before those: it ends a turn of the chat that the model is asked in. Null for none.</param>
    /// <param name="lastEnd">A token that comes after those, by its text. Null for none.</param>
    /// <exception cref="InvalidDataException">It is not one of the two families, is corrupt, or lacks the EOS token; the message names the member.</exception>
    public static ByteLevelTokenizer Read(ReadOnlyMemory<byte> utf8, IReadOnlyList<int>? ends = null, string? turnEnd = null, string? lastEnd = null)
    {
        var json = TokenizerJson.Read(utf8);
        var missing = Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString())
            .Except(json.Vocabulary.Select(token => token.Key), StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new InvalidDataException($"Expected a tokenizer.json with a token for each of the 256 bytes; {missing.Count} are missing, the first is '{missing[0]}'.");
        if (json.Vocabulary.Any(token => token.Value is < 0 or > 10_000_000) || json.Added.Any(token => token.Id is < 0 or > 10_000_000))
            throw new InvalidDataException("Expected a tokenizer.json with ids from 0 to 10,000,000, found others.");
        try
        {
            var tokenizer = new ByteLevelTokenizer(json, ends, turnEnd, lastEnd);
            return tokenizer._ends.Length > 0 && tokenizer._ends.All(tokenizer.HasText)
                ? tokenizer
                : throw new InvalidDataException(
                    $"Expected EOS tokens of the tokenizer, from 0 to {tokenizer.Size - 1}, found '{string.Join(", ", tokenizer._ends.Where(id => !tokenizer.HasText(id)))}': correct eos_token_id in config.json (and in generation_config.json if it has one).");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"Expected a tokenizer.json whose merges are between tokens of its vocabulary: {error.Message}", error);
        }
    }

    /// <summary>The id of an added token; null where there is none.</summary>
    public int? Added(string text) => _added.TryGetValue(text, out var id) ? id : null;

    /// <summary>The id of a token, added or not, by its text as tokenizer.json writes it; null where there is none.</summary>
    public int? Id(string text) => Added(text) ?? (_vocabulary.TryGetValue(text, out var id) ? id : null);

    public bool HasText(int id) => id >= 0 && id < Size && _bytes[id] is { Length: > 0 };

    public int[] EncodePrompt(string text) => [.. _json.Prefix, .. Encode(text)];

    public int[] Encode(string text)
    {
        Refuse(text);
        List<int> ids = [];
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf(Gsm8k.End, at);
            EncodeText(text[at..(end < 0 ? text.Length : end)], ids);
            if (end < 0)
                break;
            ids.Add(_ends[0]);
            at = end + 1;
        }

        return [.. ids];
    }

    /// <summary>The ids of a text in which added tokens stand for themselves, without the tokens that come before a text.</summary>
    public int[] EncodeWithAddedTokens(string text)
    {
        Refuse(text);
        List<int> ids = [];
        foreach (var (start, length, id) in _raw.Split(text))
        {
            if (id >= 0)
            {
                ids.Add(id);
                continue;
            }

            var piece = Normalize(text.Substring(start, length));
            foreach (var (from, count, inner) in _normalized.Split(piece))
            {
                if (inner >= 0)
                    ids.Add(inner);
                else
                    EncodeWords(piece.AsSpan(from, count), ids);
            }
        }

        return [.. ids];
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        // A character's bytes may lie in several tokens.
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
        {
            if (_ends.Contains(id))
                bytes.Add((byte)Gsm8k.End);
            else
                bytes.AddRange(Bytes(id));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The text of some ids with the added tokens as they are written.</summary>
    public string DecodeWithAddedTokens(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
            bytes.AddRange(Bytes(id));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <inheritdoc/>
    /// <remarks>A token may hold more than the stop character: <c>.\n\n</c> ends a line too.</remarks>
    public IReadOnlySet<int> StopTokens(char stop) => _stops.GetOrAdd(stop, character =>
    {
        if (character == Gsm8k.End)
            return _ends.ToFrozenSet();
        var bytes = Encoding.UTF8.GetBytes(character.ToString());
        return Enumerable.Range(0, Size).Where(id => _bytes[id]?.AsSpan().IndexOf(bytes) >= 0).Concat(_ends).ToFrozenSet();
    });

    private void EncodeText(string text, List<int> ids)
    {
        if (text.Length > 0)
            EncodeWords(Normalize(text), ids);
    }

    private void EncodeWords(ReadOnlySpan<char> text, List<int> ids)
    {
        while (text.Length > 0)
        {
            var word = text[.._words.Next(text)];
            if (_json.IgnoreMerges && Whole(word) is { } id)
                ids.Add(id);
            else
                ids.AddRange(_merges.EncodeToIds(word, considerPreTokenization: false));
            text = text[word.Length..];
        }
    }

    private int? Whole(ReadOnlySpan<char> word)
    {
        Span<byte> bytes = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(word, bytes, out var count))
            return null;
        Span<char> written = stackalloc char[count];
        for (var i = 0; i < count; i++)
            written[i] = ByteAlphabet.Character(bytes[i]);
        return _vocabularySpans.TryGetValue(written, out var id) ? id : null;
    }

    // The runtime itself does not normalise where it runs without a globalisation library.
    private string Normalize(string text) => !_json.NormalizesToNfc || System.Text.Ascii.IsValid(text) ? text : ENSNormalize.NF.NFC(text);

    private byte[] Bytes(int id) => id >= 0 && id < Size && _bytes[id] is { } bytes
        ? bytes
        : throw new FormatException($"Expected ids of the tokenizer, 0 to {Size - 1}, found {id}.");

    private static void Refuse(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
                continue;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                throw new FormatException($"Expected well-formed UTF-16, found a lone surrogate U+{(int)text[at]:X4} at {at}.");
            at++;
        }
    }
}
