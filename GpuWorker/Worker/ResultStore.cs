using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Items;

namespace GpuWorker.Worker;

/// <summary>The results of work items, each written once.</summary>
internal sealed class ResultStore(WorkerStorage storage)
{
    /// <summary>The stored result of the message's item, or null.</summary>
    /// <exception cref="ResultConflictException">There is one, but for another input, or it cannot be read.</exception>
    public async Task<WorkResult?> FindAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var name = StorageNames.Result(message.Id);
        ReadOnlyMemory<byte> bytes;
        try
        {
            var stored = await storage.Blob(StorageNames.WorkContainer, name).DownloadContentAsync(cancellationToken);
            bytes = stored.Value.Content.ToMemory();
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            return null;
        }

        WorkResult result;
        try
        {
            result = JsonSerializer.Deserialize(bytes.Span, CurriculumJson.Default.WorkResult) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw new ResultConflictException($"Expected a result in {StorageNames.WorkContainer}/{name}: {JsonFault.Words(fault)}");
        }

        return result.Id == message.Id && result.InputHash == message.InputHash
            ? result
            : throw new ResultConflictException(
                $"Expected in {StorageNames.WorkContainer}/{name} a result of {message.Id} with the input {message.InputHash}, found one of {result.Id} with the input {result.InputHash}.");
    }

    public async Task<bool> ExistsAsync(WorkMessage message, CancellationToken cancellationToken) =>
        await storage.Blob(StorageNames.WorkContainer, StorageNames.Result(message.Id)).ExistsAsync(cancellationToken);

    /// <summary>Stores a result unless there is one, and returns the stored one.</summary>
    /// <exception cref="ResultConflictException">As <see cref="FindAsync"/>.</exception>
    public async Task<WorkResult> StoreAsync(WorkMessage message, WorkResult result, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Blob(StorageNames.WorkContainer, StorageNames.Result(message.Id)).UploadAsync(
                BinaryData.FromBytes(Bytes(ref result)), new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
            return result;
        }
        catch (RequestFailedException fault) when (StorageFault.AlreadyThere(fault))
        {
            return await FindAsync(message, cancellationToken) ?? throw new ResultConflictException(
                $"Expected the result {StorageNames.WorkContainer}/{StorageNames.Result(message.Id)} that existed a moment ago, found none.");
        }
    }

    private static byte[] Bytes(ref WorkResult result)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(result, CurriculumJson.Default.WorkResult);
        }
        catch (ArgumentException fault)
        {
            // JSON has no NaN and no infinity, so such a figure becomes the item's failure.
            result = result with { Output = null, Failure = new(WorkFailedException.NonFinite, $"A figure of the output is not finite: {fault.Message}") };
            return JsonSerializer.SerializeToUtf8Bytes(result, CurriculumJson.Default.WorkResult);
        }
    }
}

/// <summary>The result that is stored cannot be the item's.</summary>
internal sealed class ResultConflictException(string message) : Exception(message);
