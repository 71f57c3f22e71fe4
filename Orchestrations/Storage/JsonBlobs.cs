using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Curriculum.Texts;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>JSON in blobs: the one place that knows what storage answers with. Immutable blobs are written once, mutable ones are overwritten or changed under their version.</summary>
public sealed class JsonBlobs(DataStorage storage)
{
    private const int ParallelReads = 8;

    /// <summary>Reads a blob, and says what that came to.</summary>
    public async Task<Stored<T>> LookAsync<T>(string container, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (await DownloadAsync(container, name, unless: null, cancellationToken) is not { } blob)
            return new Stored<T>.Absent();
        var (version, modifiedAt) = (blob.Details.ETag, blob.Details.LastModified);
        try
        {
            return JsonSerializer.Deserialize(blob.Content.ToMemory().Span, type) is { } value
                ? new Stored<T>.Found(value, version, modifiedAt, blob.Age)
                : Unreadable("found null");
        }
        catch (JsonException fault)
        {
            return Unreadable(JsonFault.Words(fault));
        }

        Stored<T>.Unreadable Unreadable(string found) => new($"Expected {container}/{name} to be whole; it cannot be read: {found}", version, modifiedAt, blob.Age);
    }

    /// <summary>Reads a blob, or null where there is none.</summary>
    /// <exception cref="UnreadableBlobException">It is there and cannot be read.</exception>
    public async Task<T?> FindAsync<T>(string container, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => await LookAsync(container, name, type, cancellationToken) switch
        {
            Stored<T>.Found found => found.Value,
            Stored<T>.Unreadable unreadable => throw new UnreadableBlobException(unreadable.Reason),
            _ => null,
        };

    /// <summary>Reads a blob that must be there.</summary>
    public async Task<T> ReadAsync<T>(string container, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await FindAsync(container, name, type, cancellationToken)
        ?? throw new InvalidDataException($"Expected the blob {container}/{name}; it does not exist.");

    /// <summary>Reads a blob that must be there and have its hash.</summary>
    public async Task<T> ReadVerifiedAsync<T>(BlobRef blob, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var bytes = await ReadBytesAsync(blob.Container, blob.Name, cancellationToken);
        var found = Sha256Hex.Of(bytes.ToMemory().Span);
        if (found != blob.Sha256)
            throw new InvalidDataException($"Expected {blob.Container}/{blob.Name} with hash {blob.Sha256}, found {found}.");
        return JsonSerializer.Deserialize(bytes.ToMemory().Span, type) ?? throw new InvalidDataException($"Expected {blob.Container}/{blob.Name} to be whole, found null.");
    }

    /// <summary>Reads every blob under a prefix, in the order of their names; what goes meanwhile is left out.</summary>
    public Task<IReadOnlyList<T>> ReadAllAsync<T>(string container, string prefix, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => ReadAllAsync(container, prefix, (name, token) => FindAsync(container, name, type, token), cancellationToken);

    /// <summary>The bytes of every blob under a prefix, in the order of their names; what goes meanwhile is left out.</summary>
    public Task<IReadOnlyList<BinaryData>> ReadAllBytesAsync(string container, string prefix, CancellationToken cancellationToken) =>
        ReadAllAsync(container, prefix, (name, token) => FindBytesAsync(container, name, token), cancellationToken);

    private async Task<IReadOnlyList<T>> ReadAllAsync<T>(
        string container, string prefix, Func<string, CancellationToken, Task<T?>> read, CancellationToken cancellationToken)
        where T : class
    {
        var names = await ListAsync(container, prefix, cancellationToken);
        var all = new T?[names.Count];
        await Parallel.ForAsync(
            0, names.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (index, token) => all[index] = await read(names[index], token));
        return [.. all.OfType<T>()];
    }

    /// <summary>The bytes of a blob, or null where there is none.</summary>
    public async Task<BinaryData?> FindBytesAsync(string container, string name, CancellationToken cancellationToken) =>
        (await DownloadAsync(container, name, unless: null, cancellationToken))?.Content;

    /// <summary>The bytes of a blob that must be there.</summary>
    public async Task<BinaryData> ReadBytesAsync(string container, string name, CancellationToken cancellationToken) =>
        await FindBytesAsync(container, name, cancellationToken)
        ?? throw new InvalidDataException($"Expected the blob {container}/{name}; it does not exist.");

    /// <summary>Opens a blob to be read bit by bit, or null where there is none.</summary>
    public async Task<Stream?> OpenAsync(string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Blob(container, name).OpenReadAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Has the storage copy a blob over whatever there is.</summary>
    public async Task CopyAsync(string container, string name, string targetContainer, string targetName, CancellationToken cancellationToken)
    {
        var copy = await Blob(targetContainer, targetName).StartCopyFromUriAsync(Blob(container, name).Uri, cancellationToken: cancellationToken);
        await copy.WaitForCompletionAsync(cancellationToken);
    }

    public async Task<bool> ExistsAsync(string container, string name, CancellationToken cancellationToken) =>
        await Blob(container, name).ExistsAsync(cancellationToken);

    /// <summary>When a blob was written last, or null where there is none.</summary>
    public async Task<DateTimeOffset?> WrittenAtAsync(string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await Blob(container, name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.LastModified;
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Reads a blob unless it is still of a version.</summary>
    /// <returns>Null where there is none; without content where it is of that version.</returns>
    public async Task<ReadBlob?> DownloadAsync(string container, string name, ETag? unless, CancellationToken cancellationToken)
    {
        try
        {
            var options = unless is null ? null : new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = unless } };
            var answer = await Blob(container, name).DownloadContentAsync(options, cancellationToken);
            if (answer.GetRawResponse().Status == 304)
                return new(BinaryData.Empty, new(unless!.Value, default), TimeSpan.Zero) { IsUnchanged = true };
            var details = answer.Value.Details;
            return new(answer.Value.Content, new(details.ETag, details.LastModified), answer.GetRawResponse().Headers.Date - details.LastModified ?? TimeSpan.Zero);
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Writes an immutable blob; writing the same bytes again is fine, other bytes are an error.</summary>
    public Task<BlobRef> FreezeAsync<T>(string container, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        FreezeAsync(container, name, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);

    /// <summary>As above.</summary>
    public async Task<BlobRef> FreezeAsync(string container, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var hash = Sha256Hex.Of(bytes.Span);
        if (!await TryCreateAsync(container, name, bytes, cancellationToken))
        {
            var found = Sha256Hex.Of((await ReadBytesAsync(container, name, cancellationToken)).ToMemory().Span);
            if (found != hash)
                throw new InvalidDataException($"Expected {container}/{name} with hash {hash}; it exists with hash {found}. Immutable blobs are never rewritten.");
        }

        return new(container, name, hash);
    }

    /// <summary>Creates a blob, or says that there is one.</summary>
    public Task<bool> TryCreateAsync<T>(string container, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        TryCreateAsync(container, name, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);

    /// <summary>Creates a blob, or says that there is one.</summary>
    public async Task<bool> TryCreateAsync(string container, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await TryUploadAsync(container, name, BinaryData.FromBytes(bytes).ToStream(), new() { IfNoneMatch = ETag.All }, null, cancellationToken) is not null;

    /// <summary>Creates a blob out of a stream, or says that there is one.</summary>
    public async Task<bool> TryCreateAsync(
        string container, string name, Stream content, IDictionary<string, string> metadata, CancellationToken cancellationToken) =>
        await TryUploadAsync(container, name, content, new() { IfNoneMatch = ETag.All }, metadata, cancellationToken) is not null;

    /// <summary>Writes a mutable blob as it was read; null where somebody else has written or deleted it since.</summary>
    public Task<ETag?> TryReplaceAsync<T>(string container, string name, T value, JsonTypeInfo<T> type, ETag version, CancellationToken cancellationToken) =>
        TryUploadAsync(container, name, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, type)), new() { IfMatch = version }, null, cancellationToken);

    /// <summary>Changes a mutable blob under its version, again and again until nobody else came between; returns what stands then.</summary>
    /// <param name="change">What it is to be, from what it is; the same object leaves it as it is.</param>
    public async Task<T> ChangeAsync<T>(string container, string name, JsonTypeInfo<T> type, Func<T?, Task<T>> change, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var stored = await LookAsync(container, name, type, cancellationToken);
            var before = stored switch
            {
                Stored<T>.Found found => found.Value,
                Stored<T>.Unreadable unreadable => throw new UnreadableBlobException(unreadable.Reason),
                _ => null,
            };
            var after = await change(before);
            if (ReferenceEquals(before, after))
                return after;
            var written = stored.Version is { } version
                ? await TryReplaceAsync(container, name, after, type, version, cancellationToken) is not null
                : await TryCreateAsync(container, name, after, type, cancellationToken);
            if (written)
                return after;
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

    /// <summary>Deletes a blob; false where there is none, or it is of another version than the one that is asked for.</summary>
    public async Task<bool> TryDeleteAsync(string container, string name, CancellationToken cancellationToken, ETag? version = null)
    {
        try
        {
            var conditions = version is null ? null : new BlobRequestConditions { IfMatch = version };
            await Blob(container, name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions, cancellationToken);
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>The blobs under a prefix, in the order of their names.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        try
        {
            await foreach (var blob in storage.Blobs.GetBlobContainerClient(container)
                .GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
            {
                names.Add(blob.Name);
            }
        }
        catch (RequestFailedException failure) when (HasNoContainer(failure))
        {
            return [];
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The blobs under a prefix with how long ago each was written, by the storage's clock.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> AgesAsync(string container, string prefix, CancellationToken cancellationToken)
    {
        var ages = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        try
        {
            await foreach (var page in storage.Blobs.GetBlobContainerClient(container)
                .GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken).AsPages())
            {
                var now = page.GetRawResponse().Headers.Date;
                foreach (var blob in page.Values)
                    ages[blob.Name] = now - blob.Properties.LastModified ?? TimeSpan.Zero;
            }
        }
        catch (RequestFailedException failure) when (HasNoContainer(failure))
        {
            return ages;
        }

        return ages;
    }

    /// <summary>The folders directly under a container's root, in the order of their names.</summary>
    public async Task<IReadOnlyList<string>> ListFoldersAsync(string container, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var item in storage.Blobs.GetBlobContainerClient(container).GetBlobsByHierarchyAsync(new() { Delimiter = "/" }, cancellationToken))
        {
            if (item.IsPrefix)
                names.Add(item.Prefix.TrimEnd('/'));
        }

        return names;
    }

    /// <summary>Before anything was stored in a container it need not be there: it has no blobs.</summary>
    private static bool HasNoContainer(RequestFailedException failure) => failure.ErrorCode == BlobErrorCode.ContainerNotFound;

    public BlobClient Blob(string container, string name) => storage.Blobs.GetBlobContainerClient(container).GetBlobClient(name);

    private async Task<ETag?> TryUploadAsync(
        string container, string name, Stream content, BlobRequestConditions conditions, IDictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobUploadOptions { Conditions = conditions, Metadata = metadata };
            return (await Blob(container, name).UploadAsync(content, options, cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412 || (failure.Status == 404 && conditions.IfMatch is not null))
        {
            return null;
        }
    }
}

/// <summary>A blob's bytes, as they were read.</summary>
/// <param name="Age">How long ago the blob was written when it was read, by the storage's clock.</param>
public sealed record ReadBlob(BinaryData Content, BlobVersion Details, TimeSpan Age)
{
    /// <summary>Whether the blob is of the version that was known; nothing was read then.</summary>
    public bool IsUnchanged { get; init; }
}

/// <summary>Which blob was read.</summary>
public sealed record BlobVersion(ETag ETag, DateTimeOffset LastModified);
