using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The models in the <c>models</c> container, and the work that makes one, or a pretrained policy, a run's base.</summary>
public sealed class BaseModels(JsonBlobs blobs)
{
    private const string Config = "config.json";
    private const string Weights = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    /// <summary>What is missing of a model's folder; null where it can be imported.</summary>
    public async Task<string?> MissingAsync(string model, CancellationToken cancellationToken)
    {
        var names = await blobs.ListAsync(StorageNames.ModelsContainer, $"{model}/", cancellationToken);
        string Missing(string file) => $"Expected the blob {StorageNames.ModelsContainer}/{model}/{file}; it does not exist. Upload the model's folder first.";
        if (!names.Contains($"{model}/{Config}"))
            return Missing(Config);
        if (!names.Contains($"{model}/{Weights}") && !names.Contains($"{model}/{Index}"))
            return Missing(Weights);
        return names.Contains($"{model}/{TokenizerRule.File}")
            || TokenizerRule.HasCharacters((await blobs.ReadBytesAsync(StorageNames.ModelsContainer, $"{model}/{Config}", cancellationToken)).ToMemory().Span)
            ? null
            : TokenizerRule.Missing;
    }

    /// <summary>Id of the item that makes the base.</summary>
    public static WorkItemId Item(RunId run, RunPlan plan) =>
        WorkItemId.Of(WorkOwner.OfRun(run, WorkScope.Base), plan.Base.Model is null ? WorkKind.Pretrain : WorkKind.Import);

    /// <summary>The item that makes the base.</summary>
    public static WorkItem WorkOf(RunId run, RunPlan plan) => plan.Base.Model is { } model
        ? new ImportItem
        {
            Id = Item(run, plan),
            Model = model,
            Precision = plan.Base.Precision,
            Chat = plan.Base.Chat,
            Trainings = [.. Trainings(plan)],
            OutputFolder = Folder(run),
        }
        : new PretrainItem
        {
            Id = Item(run, plan),
            Plan = plan.Base.Pretrain!,
            OutputFolder = Folder(run),
        };

    /// <summary>How many parameters a model has; null where its weights cannot be counted.</summary>
    public async Task<long?> ParametersAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            var names = await blobs.ListAsync(StorageNames.ModelsContainer, $"{model}/", cancellationToken);
            var single = $"{model}/{Weights}";
            var parameters = 0L;
            foreach (var name in names.Contains(single) ? [single] : names.Where(name => name.EndsWith(".safetensors", StringComparison.Ordinal)))
            {
                await using var weights = await blobs.Blob(StorageNames.ModelsContainer, name).OpenReadAsync(cancellationToken: cancellationToken);
                parameters += await SafetensorsSize.ParametersAsync(weights, cancellationToken);
            }

            return parameters;
        }
        catch (InvalidDataException)
        {
            // The import says what is wrong with it.
            return null;
        }
    }

    private static IEnumerable<PlannedTraining> Trainings(RunPlan plan) =>
        from arm in plan.Arms
        from stage in arm.Stages.Select((stage, index) => (Plan: stage, Number: index + 1))
        select new PlannedTraining(FormattableString.Invariant($"stage {stage.Number} of arm '{arm.Name}'"), stage.Plan.Memory, arm.Adapter, stage.Plan.MaxNewTokens);

    /// <summary>The base that a folder holds already, copied from another run or frozen by an earlier try; null without one.</summary>
    public async Task<StateRef?> FindAsync(string folder, CancellationToken cancellationToken)
    {
        if (await blobs.FindBytesAsync(StorageNames.RunsContainer, StorageNames.StateBlob(folder), cancellationToken) is not { } bytes)
            return null;
        return new(StorageNames.RunsContainer, folder, Sha256Hex.Of(StateBlob.Split(bytes.ToMemory()).Manifest.Span));
    }

    /// <summary>A run's base, once it is made.</summary>
    public async Task<StateRef> ReadAsync(RunId run, CancellationToken cancellationToken) =>
        await FindAsync(Folder(run), cancellationToken)
        ?? throw new InvalidDataException($"Expected the base {StorageNames.RunsContainer}/{StorageNames.StateBlob(Folder(run))}; it does not exist.");

    /// <summary>Where a run keeps its base.</summary>
    public static string Folder(string run) => $"{run}/base";
}
