using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Testing;

namespace EndToEnd.Tests;

/// <summary>A base that can read and write English: the shipped one with an embedding of its own, drawn at random, for every printable character.</summary>
internal static class WrittenBase
{
    public const string Name = "written";

    private const string Embedding = "model.embed_tokens.weight";

    public static async Task UploadAsync(LocalSystem stack)
    {
        var shipped = Path.Combine(LocalSystem.Repository(), "samples", "models", "two-dials");
        var characters = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(character => (char)character)) + "\n\u0003";
        var config = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(shipped, "config.json")))!;
        config["characters"] = characters;
        config["vocab_size"] = characters.Length;
        var container = new BlobContainerClient(stack.Azurite.ConnectionString, "models");
        await container.CreateIfNotExistsAsync();
        await container.UploadBlobAsync($"{Name}/config.json", BinaryData.FromString(config.ToJsonString()));
        await container.UploadBlobAsync(
            $"{Name}/model.safetensors", BinaryData.FromBytes(WithVocabulary(await File.ReadAllBytesAsync(Path.Combine(shipped, "model.safetensors")), characters.Length)));
    }

    // Safetensors: the length of a JSON header, the header, the tensors.
    private static byte[] WithVocabulary(byte[] file, int size)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        var data = file.AsSpan(8 + length).ToArray();
        using var tensors = new MemoryStream();
        foreach (var (name, tensor) in header.Where(pair => pair.Key != "__metadata__").OrderBy(pair => (long)pair.Value!["data_offsets"]![0]!))
        {
            var (from, to) = ((int)tensor!["data_offsets"]![0]!, (int)tensor["data_offsets"]![1]!);
            var bytes = data[from..to];
            if (name == Embedding)
            {
                var random = new Random(1);
                var values = Enumerable.Range(0, size * (int)tensor["shape"]![1]!).Select(_ => (float)((random.NextDouble() - 0.5) * 0.05)).ToArray();
                bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
                tensor["shape"]![0] = size;
            }

            tensor["data_offsets"] = new JsonArray(tensors.Length, tensors.Length + bytes.Length);
            tensors.Write(bytes);
        }

        var written = Encoding.UTF8.GetBytes(header.ToJsonString());
        var padded = new byte[(written.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        written.CopyTo(padded, 0);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, padded.Length);
        return [.. prefix, .. padded, .. tensors.ToArray()];
    }
}
