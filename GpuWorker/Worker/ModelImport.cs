using Azure.Storage.Blobs.Models;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Models;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;

namespace GpuWorker.Worker;

/// <summary>Imports a model folder of the <c>models</c> container as a run's base.</summary>
/// <remarks>
/// Each file is downloaded once and hashed on the way, into an unnamed file that later items read too; each tensor is checked a block at a time; then the
/// storage service copies the files. So memory holds one block, whatever the model's size, and nothing is stored unless all of it is valid.
/// </remarks>
internal sealed class ModelImport(WorkerStorage storage, StateWriter states, PartCache cache, Settings settings)
{
    /// <exception cref="WorkFailedException">The folder is not a supported model; the message says everything that is wrong.</exception>
    public async Task<UpdateOutput> RunAsync(ImportItem item, Func<Task> moved, CancellationToken cancellationToken)
    {
        try
        {
            var names = await storage.NamesAsync(StorageNames.ModelsContainer, $"{item.Model}/", cancellationToken);
            var index = names.Contains(ModelFiles.Index) && !names.Contains(ModelFiles.SingleFile)
                ? (await ReadAsync(item, ModelFiles.Index, moved, cancellationToken)).Bytes.ToArray()
                : null;
            var files = ModelFiles.Of(names, index);
            var parts = new SortedDictionary<string, ModelPart>(StringComparer.Ordinal);
            foreach (var (part, file) in files.Companions)
                parts.Add(part, await ReadAsync(item, file, moved, cancellationToken));
            for (var shard = 0; shard < files.Weights.Count; shard++)
            {
                var part = files.Weights.Count == 1 ? StatePartNames.Policy : StatePartNames.PolicyShard(shard + 1);
                parts.Add(part, await ReadAsync(item, files.Weights[shard], moved, cancellationToken));
            }

            TokenizerFiles texts = new(name => parts.GetValueOrDefault(name)?.Bytes.ToArray());
            var config = await ModelCheck.RunAsync(
                parts[StatePartNames.Config].Bytes.ToArray(),
                [.. parts.Where(part => StatePartNames.IsPolicy(part.Key)).Select(part => (part.Value.File, part.Value.Bytes))],
                index,
                texts,
                moved);
            var chat = item.Chat is null ? null : ChatPart.Of(item.Chat, config, texts);
            MemoryEstimate.Require(config, item, MemoryLimit.Of(settings.Compute));

            SortedDictionary<string, StatePart> listed = new(StringComparer.Ordinal);
            foreach (var (name, part) in parts)
            {
                listed.Add(name, new($"{name}-{part.Sha256}", part.Sha256, part.Bytes.Length));
                await CopyAsync(item, part, $"{item.OutputFolder}/{listed[name].Name}", cancellationToken);
                cache.Add(part.Sha256, part.Bytes);
                await moved();
            }

            if (chat is not null)
                listed.Add(StatePartNames.Chat, await states.WritePartAsync(item.OutputFolder, StatePartNames.Chat, chat, cancellationToken));
            var state = await states.WriteManifestAsync(item.OutputFolder, new() { Parts = listed, Precision = item.Precision }, cancellationToken);
            return new() { State = state, OptimizerSteps = 0, TrainedTokens = 0, Loss = 0, GradientNorm = 0, ClipFraction = 0, Entropy = 0 };
        }
        catch (InvalidDataException fault)
        {
            throw new WorkFailedException(WorkFailedException.BadItem, $"The model '{item.Model}' cannot be imported: {fault.Message}", fault);
        }
    }

    private async Task<ModelPart> ReadAsync(ImportItem item, string file, Func<Task> moved, CancellationToken cancellationToken)
    {
        var name = $"{item.Model}/{file}";
        var blob = storage.Blob(StorageNames.ModelsContainer, name);
        var before = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        var (bytes, hash) = await VerifiedBlob.DownloadAsync(storage, StorageNames.ModelsContainer, name, WorkFailedException.BadItem, moved, cancellationToken);
        // Small files are kept in memory.
        StoredBytes kept = bytes.Length < StoredBytes.FileFrom ? bytes.ToArray() : bytes;
        return new(file, kept, hash, before.ETag);
    }

    private async Task CopyAsync(ImportItem item, ModelPart part, string target, CancellationToken cancellationToken)
    {
        // Of the same version that was read: a folder that changes meanwhile fails the copy, and the next delivery reads it anew.
        var copy = await storage.Blob(StorageNames.RunsContainer, target).StartCopyFromUriAsync(
            storage.Blob(StorageNames.ModelsContainer, $"{item.Model}/{part.File}").Uri,
            new BlobCopyFromUriOptions { SourceConditions = new() { IfMatch = part.Version } },
            cancellationToken);
        await copy.WaitForCompletionAsync(cancellationToken);
    }

    private sealed record ModelPart(string File, StoredBytes Bytes, string Sha256, Azure.ETag Version);
}
