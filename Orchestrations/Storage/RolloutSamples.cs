using System.IO.Compression;
using System.Text.Json;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The groups that iterations keep for people to read, one compressed blob for each iteration.</summary>
public sealed class RolloutSamples(JsonBlobs blobs)
{
    /// <summary>No sample comes near it: what unpacks to more is not one.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    /// <summary>Stores a sample; storing it again leaves the same.</summary>
    public async Task WriteAsync(RolloutSample sample, CancellationToken cancellationToken)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await JsonSerializer.SerializeAsync(gzip, sample, TrainingJson.Default.RolloutSample, cancellationToken);
        await blobs.WriteAsync(StorageNames.RunsContainer, sample.Blob, packed.ToArray(), "application/gzip", cancellationToken);
    }

    /// <summary>The samples of an attempt by name, in the order of its iterations.</summary>
    public Task<IReadOnlyList<string>> NamesAsync(StageKey stage, CancellationToken cancellationToken) =>
        blobs.ListAsync(StorageNames.RunsContainer, RolloutSample.Prefix(stage), cancellationToken);

    /// <summary>A sample by its blob's name; null where there is none, or none that is whole.</summary>
    public async Task<RolloutSample?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (await blobs.FindBytesAsync(StorageNames.RunsContainer, name, cancellationToken) is not { } packed)
            return null;
        try
        {
            await using var gzip = new GZipStream(packed.ToStream(), CompressionMode.Decompress);
            using var text = new MemoryStream();
            var buffer = new byte[81_920];
            while (await gzip.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (text.Length + read > MostBytes)
                    return null;
                text.Write(buffer, 0, read);
            }

            return JsonSerializer.Deserialize(text.GetBuffer().AsSpan(0, (int)text.Length), TrainingJson.Default.RolloutSample);
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException)
        {
            return null;
        }
    }
}
