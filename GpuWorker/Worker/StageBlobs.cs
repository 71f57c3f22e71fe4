using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Training;
using Curriculum.Work;

namespace GpuWorker.Worker;

/// <summary>What several iterations of a stage go by, and what they leave behind.</summary>
internal sealed class StageBlobs(WorkerStorage storage)
{
    private const int Remembered = 8;

    /// <summary>Settings by hash: every item of a stage has the same, pools and all.</summary>
    private readonly ConcurrentDictionary<string, StageSetting> _settings = new(StringComparer.Ordinal);

    public async Task<StageSetting> SettingAsync(ColocatedItem item, CancellationToken cancellationToken)
    {
        if (_settings.TryGetValue(item.Setting.Sha256, out var known))
            return known;
        if (_settings.Count >= Remembered)
            _settings.Clear();
        return _settings[item.Setting.Sha256] = await VerifiedJson.ReadAsync(storage, item.Setting, TrainingJson.Default.StageSetting, cancellationToken);
    }

    public Task<ColocatedTask> TaskAsync(ColocatedItem item, CancellationToken cancellationToken) =>
        VerifiedJson.ReadAsync(storage, item.Task, TrainingJson.Default.ColocatedTask, cancellationToken);

    /// <summary>Stores what an item did under its hash: two workers that did it differ in their times.</summary>
    public async Task<BlobRef> WriteAsync(ColocatedItem item, StageStep done, CancellationToken cancellationToken)
    {
        var (bytes, blob) = ColocatedTask.Store(item, done);
        try
        {
            await storage.Blob(blob.Container, blob.Name).UploadAsync(
                BinaryData.FromBytes(bytes), new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
        }
        catch (RequestFailedException fault) when (StorageFault.AlreadyThere(fault))
        {
            // The same bytes.
        }

        return blob;
    }
}
