using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>JSON in blobs: immutable ones are written once, mutable ones are overwritten.</summary>
public sealed class JsonBlobs(DataStorage storage)
{
    /// <summary>Reads a blob, or null where there is none.</summary>
    public async Task<T?> FindAsync<T>(string container, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var content = await Blob(container, name).DownloadContentAsync(cancellationToken);
            return JsonSerializer.Deserialize(content.Value.Content.ToMemory().Span, type)
                ?? throw new InvalidDataException($"Expected JSON in {container}/{name}, found null.");
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Reads a blob that must be there.</summary>
    public async Task<T> ReadAsync<T>(string container, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await FindAsync(container, name, type, cancellationToken)
        ?? throw new InvalidDataException($"Expected the blob {container}/{name}; it does not exist.");

    /// <summary>Writes an immutable blob; writing the same bytes again is fine, other bytes are an error.</summary>
    public async Task<BlobRef> FreezeAsync<T>(string container, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var hash = CurriculumJson.Hash(bytes);
        if (!await TryCreateAsync(container, name, bytes, cancellationToken))
        {
            var stored = await Blob(container, name).DownloadContentAsync(cancellationToken);
            var found = CurriculumJson.Hash(stored.Value.Content.ToMemory().Span);
            if (found != hash)
                throw new InvalidDataException($"Expected {container}/{name} with hash {hash}; it exists with hash {found}. Immutable blobs are never rewritten.");
        }

        return new(container, name, hash);
    }

    /// <summary>Creates a blob, or says that there is one.</summary>
    public async Task<bool> TryCreateAsync(string container, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await Blob(container, name).UploadAsync(
                BinaryData.FromBytes(bytes),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Writes a mutable blob.</summary>
    public Task WriteAsync<T>(string container, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync(container, name, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json", cancellationToken);

    /// <summary>Writes a mutable blob of any type.</summary>
    public async Task WriteAsync(
        string container, string name, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken) =>
        await Blob(container, name).UploadAsync(
            BinaryData.FromBytes(bytes),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } },
            cancellationToken);

    /// <summary>The blobs under a prefix, in the order of their names.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var blob in storage.Blobs.GetBlobContainerClient(container)
            .GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
        {
            names.Add(blob.Name);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public BlobClient Blob(string container, string name) => storage.Blobs.GetBlobContainerClient(container).GetBlobClient(name);
}
