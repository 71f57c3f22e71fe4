using System.Text;

namespace GpuWorker.Tokenizers;

/// <summary>Collects control tokens and text; text between two control tokens is encoded as one.</summary>
internal sealed class ChatWriter(ByteLevelTokenizer tokenizer)
{
    private readonly List<int> _ids = [];
    private readonly StringBuilder _text = new();

    public ChatWriter Token(string token)
    {
        Flush();
        _ids.Add(tokenizer.Added(token)!.Value);
        return this;
    }

    public ChatWriter Text(string text)
    {
        _text.Append(text);
        return this;
    }

    public int[] ToIds()
    {
        Flush();
        return [.. _ids];
    }

    private void Flush()
    {
        _ids.AddRange(tokenizer.Encode(_text.ToString()));
        _text.Clear();
    }
}
