using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalHost.Durable.History;

/// <summary>History as JSON lines.</summary>
internal static class HistoryText
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>The events as blocks of whole lines, none larger than the limit but where one line is.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Write(IEnumerable<HistoryEvent> events, int blockBytes)
    {
        var block = new ArrayBufferWriter<byte>(4096);
        foreach (var item in events)
        {
            var line = JsonSerializer.SerializeToUtf8Bytes(item, HistoryJson.Default.HistoryEvent);
            if (block.WrittenCount > 0 && block.WrittenCount + line.Length + 1 > blockBytes)
            {
                yield return block.WrittenMemory;
                block = new(4096);
            }

            block.Write(line);
            block.Write(NewLine);
        }

        yield return block.WrittenMemory;
    }

    /// <summary>The events of all turns that were written whole; <c>Cut</c> where the last one was not.</summary>
    public static (List<HistoryEvent> Events, bool Cut) Read(ReadOnlySpan<byte> text)
    {
        var events = new List<HistoryEvent>();
        var (turn, due) = (0, 0);
        foreach (var range in text.Split((byte)'\n'))
        {
            if (text[range] is not { Length: > 0 } line)
                continue;
            var item = JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryEvent)!;
            switch (item)
            {
                case TurnCut:
                    events.RemoveRange(turn, events.Count - turn);
                    due = 0;
                    continue;
                case TurnStarted started:
                    (turn, due) = (events.Count, started.Events);
                    break;
                case HostTookOver:
                    continue;
                default:
                    due--;
                    break;
            }

            events.Add(item);
        }

        if (due <= 0)
            return (events, false);
        events.RemoveRange(turn, events.Count - turn);
        return (events, true);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(HistoryEvent))]
internal sealed partial class HistoryJson : JsonSerializerContext;
