using Curriculum.Costs;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The bases in the <c>models</c> container, and their frozen copies in runs.</summary>
public sealed class BaseModels(JsonBlobs blobs)
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";

    public static string Folder(string run) => $"{run}/base";

    public static string PretrainItem(string run) => new WorkItemId(run, "pretraining", 0, 0, 0, 0, 0, 0, WorkKind.Pretrain).ToString();

    /// <summary>What is missing of a model's folder; null where it is whole.</summary>
    public async Task<string?> MissingAsync(string model, CancellationToken cancellationToken)
    {
        foreach (var file in (string[])[Config, Weights])
        {
            if (!await blobs.Blob(StorageNames.ModelsContainer, $"{model}/{file}").ExistsAsync(cancellationToken))
                return $"Expected the blob {StorageNames.ModelsContainer}/{model}/{file}; it does not exist. Upload the model's folder first.";
        }

        return null;
    }

    /// <summary>How many parameters a model has; null where its weights cannot be counted.</summary>
    public async Task<long?> ParametersAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            await using var weights = await blobs.Blob(StorageNames.ModelsContainer, $"{model}/{Weights}").OpenReadAsync(cancellationToken: cancellationToken);
            return await SafetensorsSize.ParametersAsync(weights, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // The import says what is wrong with it.
            return null;
        }
    }

    /// <summary>Copies a model into a run as its base state: config and policy, named by hash, the manifest last.</summary>
    public async Task<StateRef> FreezeAsync(string model, string folder, CancellationToken cancellationToken)
    {
        var manifest = new StateManifest
        {
            Parts = new SortedDictionary<string, StatePart>(StringComparer.Ordinal)
            {
                ["config"] = await CopyAsync(model, Config, folder, "config", cancellationToken),
                ["policy"] = await CopyAsync(model, Weights, folder, "policy", cancellationToken),
            },
        };
        var stored = await blobs.FreezeAsync(
            StorageNames.RunsContainer, StorageNames.Manifest(folder), manifest, CurriculumJson.Default.StateManifest, cancellationToken);
        return new(StorageNames.RunsContainer, folder, stored.Sha256);
    }

    /// <summary>The base that a folder holds already, copied from another run or frozen by an earlier try; null without one.</summary>
    public async Task<StateRef?> FindAsync(string folder, CancellationToken cancellationToken)
    {
        var name = StorageNames.Manifest(folder);
        if (await blobs.FindAsync(StorageNames.RunsContainer, name, CurriculumJson.Default.StateManifest, cancellationToken) is null)
            return null;
        var manifest = await blobs.Blob(StorageNames.RunsContainer, name).DownloadContentAsync(cancellationToken);
        return new(StorageNames.RunsContainer, folder, CurriculumJson.Hash(manifest.Value.Content.ToMemory().Span));
    }

    private async Task<StatePart> CopyAsync(string model, string file, string folder, string part, CancellationToken cancellationToken)
    {
        var content = await blobs.Blob(StorageNames.ModelsContainer, $"{model}/{file}").DownloadContentAsync(cancellationToken);
        var bytes = content.Value.Content.ToMemory();
        var hash = CurriculumJson.Hash(bytes.Span);
        var name = $"{part}-{hash}{Path.GetExtension(file)}";
        await blobs.TryCreateAsync(StorageNames.RunsContainer, $"{folder}/{name}", bytes, cancellationToken);
        return new(name, hash, bytes.Length);
    }
}
