using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Testing.Fuzzing;

/// <summary>Makes bad inputs of good ones: of their bytes, and where they are JSON, of their structure.</summary>
public static class Mutation
{
    /// <summary>Stands for <c>\ud800</c> until the text is written: no .NET value can hold that.</summary>
    private const string LoneSurrogate = "lone-surrogate";

    /// <summary>Values that readers stumble over.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "-0", "1e-400", "9223372036854775808", "18446744073709551616", "0.1", "2147483648", "[]", "{}", "[[]]", "\"\"", $"\"{LoneSurrogate}\"",
        "\"../../../etc/passwd\"", "\"a/b\"", "\"..\"", "\"\\u0000\"", "\"<script>alert(1)</script>\"", "\"%2e%2e%2f\"", "\"NaN\"", "\"a\\nb\"", "\"\u202e\"", "[null]", "{\"a\":{}}", "\"C:\\\\x\"",
    ];

    private static readonly byte[][] Pieces =
    [
        .. ((string[])["{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\r\n", "\0", "../", "%00", "1e999", "<<1/0=1>>", "####", "null", "\\ud800", "{\"\":", "\ufeff"]).Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x80], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0, 0, 0, 0, 0],
    ];

    public static byte[] Of(IReadOnlyList<byte[]> corpus, Random random)
    {
        var input = corpus[random.Next(corpus.Count)];
        if (random.NextDouble() < 0.6 && OfJson(input, random) is { } changed)
            return changed;
        var bytes = input.ToList();
        for (var times = random.Next(1, 6); times > 0; times--)
            OfBytes(bytes, corpus, random);
        return [.. bytes];
    }

    private static void OfBytes(List<byte> bytes, IReadOnlyList<byte[]> corpus, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var some = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, some);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, some));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                var other = corpus[random.Next(corpus.Count)];
                bytes.InsertRange(at, other.Skip(random.Next(other.Length + 1)).Take(random.Next(200)));
                break;
            case 6:
                bytes.InsertRange(at, Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(10) == 0 ? 3000 : 1).SelectMany(piece => piece));
                break;
            default:
                bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }

    private static byte[]? OfJson(byte[] input, Random random)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(input);
        }
        catch (JsonException)
        {
            return null;
        }

        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var nodes = new List<JsonNode>();
            Collect(root, nodes);
            if (nodes.Count == 0)
                break;
            Change(nodes[random.Next(nodes.Count)], nodes, random);
        }

        var text = (root?.ToJsonString() ?? "null").Replace(LoneSurrogate, "\\ud800", StringComparison.Ordinal);
        if (random.Next(8) == 0 && text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            text = text.Insert(colon + 1, $"{Values[random.Next(Values.Length)]},\"again\":");
        return Encoding.UTF8.GetBytes(text);
    }

    private static void Collect(JsonNode? node, List<JsonNode> nodes)
    {
        if (node is JsonObject or JsonArray)
            nodes.Add(node);
        foreach (var child in node switch { JsonObject o => o.Select(pair => pair.Value), JsonArray a => a, _ => [] })
            Collect(child, nodes);
    }

    private static void Change(JsonNode node, List<JsonNode> nodes, Random random)
    {
        JsonNode? Value() => random.Next(4) switch
        {
            0 => nodes[random.Next(nodes.Count)].DeepClone(),
            1 => random.Next(3) == 0 ? JsonValue.Create(new string('x', 5000)) : JsonValue.Create(random.NextDouble() * Math.Pow(10, random.Next(-5, 20))),
            _ => Raw(Values[random.Next(Values.Length)]),
        };
        switch (node)
        {
            case JsonObject o when o.Count > 0:
                var key = o.ElementAt(random.Next(o.Count)).Key;
                switch (random.Next(5))
                {
                    case 0:
                        o.Remove(key);
                        break;
                    case 1:
                        var moved = o[key]?.DeepClone();
                        o.Remove(key);
                        o[random.Next(2) == 0 ? key.ToUpperInvariant() : key + "x/~"] = moved;
                        break;
                    default:
                        o[key] = Value();
                        break;
                }

                break;
            case JsonArray a when a.Count > 0:
                var index = random.Next(a.Count);
                switch (random.Next(4))
                {
                    case 0:
                        a.RemoveAt(index);
                        break;
                    case 1:
                        for (var copies = random.Next(10) == 0 ? 300 : 1; copies > 0; copies--)
                            a.Add(a[index]?.DeepClone());
                        break;
                    default:
                        a[index] = Value();
                        break;
                }

                break;
            case JsonArray a:
                a.Add(Value());
                break;
            case JsonObject o:
                o["x"] = Value();
                break;
        }
    }

    // Numbers that no .NET value has are kept as they are written.
    private static JsonNode? Raw(string json) => JsonSerializer.Deserialize<JsonNode>(json);
}
