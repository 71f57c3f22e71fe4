using GpuWorker.Checkpoints;
using GpuWorker.Models;
using GpuWorker.Policies;

namespace ModelScale;

/// <summary>A model folder of any size: random bfloat16 numbers within 1/16, written a block at a time.</summary>
internal static class GeneratedModel
{
    public static int Write(string folder, int megabytes, int shards)
    {
        // Hidden 1024: a layer is 14.7 million parameters, 29.4 MB.
        var layers = Math.Max(1, (int)((megabytes - 62) / 29.4));
        var config = Shapes.Qwen(1024, layers, 16, 2, 4096, 32_000);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, ModelFiles.Config), config.ToBytes());
        PolicyLayout layout = new(config);
        var perShard = layout.Length / shards + 1;
        Dictionary<string, string> map = [];
        var total = 0L;
        foreach (var (slots, n) in layout.Slots.GroupBy(slot => slot.Offset / perShard).Select((group, n) => (group.ToArray(), n + 1)))
        {
            var file = shards == 1 ? ModelFiles.SingleFile : FormattableString.Invariant($"model-{n:D5}-of-{shards:D5}.safetensors");
            using var stream = File.Create(Path.Combine(folder, file));
            SafetensorsFile.Write(slots.Select(slot => new TensorEntry(slot.Name, StoredType.BF16, slot.Shape, to => Fill(to, slot.Length * 2)))).WriteTo(stream);
            total += stream.Length;
            foreach (var slot in slots)
                map[slot.Name] = file;
            Console.WriteLine($"{file}: {stream.Length >> 20} MB");
        }

        if (shards > 1)
        {
            File.WriteAllText(
                Path.Combine(folder, ModelFiles.Index),
                System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object> { ["metadata"] = new Dictionary<string, long> { ["total_size"] = total }, ["weight_map"] = map }));
        }

        return 0;
    }

    // The high byte of a bfloat16 is sign and exponent: 0x3D and 0xBD are magnitudes from 1/32 to 1/8.
    private static void Fill(Stream to, long bytes)
    {
        var random = new Random(7);
        var block = new byte[Math.Min(1 << 20, bytes)];
        for (var at = 0L; at < bytes; at += block.Length)
        {
            var some = block.AsSpan(0, (int)Math.Min(block.Length, bytes - at));
            random.NextBytes(some);
            for (var i = 1; i < some.Length; i += 2)
                some[i] = (byte)(0x3D | some[i] & 0x80);
            to.Write(some);
        }
    }
}
