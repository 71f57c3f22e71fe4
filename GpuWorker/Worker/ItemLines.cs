using System.Text;
using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>The lines that are logged while one item is handled: the last of them, and never more than a bounded number of bytes.</summary>
internal sealed class ItemLines
{
    public const int MostLines = 200;
    public const int MostBytes = 32 * 1024;

    /// <summary>One line alone takes no more than this.</summary>
    public const int MostOfLine = 4 * 1024;

    private static readonly AsyncLocal<ItemLines?> Handled = new();

    private readonly Lock _lock = new();
    private readonly Queue<(WorkLogLine Line, int Bytes)> _lines = [];
    private int _bytes;
    private int _dropped;

    /// <summary>Those of the item that is handled here; null where none is.</summary>
    public static ItemLines? Current => Handled.Value;

    /// <summary>Whether one of them is a warning, or worse.</summary>
    public bool HasWarned { get; private set; }

    /// <summary>Keeps the lines of an item from here on, in whatever is awaited from here.</summary>
    public static ItemLines Begin() => Handled.Value = new();

    public void Add(DateTimeOffset at, LogLevel level, string text)
    {
        var line = new WorkLogLine(at, level.ToString().ToLowerInvariant(), Cut(text));
        var bytes = Encoding.UTF8.GetByteCount(line.Text);
        lock (_lock)
        {
            HasWarned |= level >= LogLevel.Warning;
            _lines.Enqueue((line, bytes));
            for (_bytes += bytes; _lines.Count > MostLines || _bytes > MostBytes; _dropped++)
                _bytes -= _lines.Dequeue().Bytes;
        }
    }

    /// <summary>There is nothing to be told of the item.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _lines.Clear();
            (_bytes, _dropped, HasWarned) = (0, 0, false);
        }
    }

    public WorkLog Of(string worker, long delivery)
    {
        lock (_lock)
            return new(worker, delivery, _dropped, [.. _lines.Select(line => line.Line)]);
    }

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MostOfLine)
            return text;
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan(0, MostOfLine - 4);
        while (bytes.Length > 0 && Rune.DecodeLastFromUtf8(bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            bytes = bytes[..^1];
        return $"{Encoding.UTF8.GetString(bytes)}…";
    }
}
