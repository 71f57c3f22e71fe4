using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Items;

namespace GpuWorker.Worker;

/// <summary>Reads what an item refers to.</summary>
internal sealed class InputLoader(WorkerStorage storage, StateLoader states, StageBlobs stages)
{
    /// <summary>Reads the item of a message.</summary>
    /// <exception cref="MisdirectedMessageException">There is no such item, or another one than the message's hash says.</exception>
    /// <exception cref="WorkFailedException"><c>bad-item</c>: it cannot be read.</exception>
    public async Task<WorkItem> ReadItemAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var blob = new BlobRef(StorageNames.WorkContainer, StorageNames.Item(message.Id), message.InputHash);
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = CarriedItem.Read(message) is { } carried ? carried : await VerifiedBlob.ReadAsync(storage, blob, WorkFailedException.BadItem, cancellationToken);
        }
        catch (WorkFailedException other)
        {
            throw new MisdirectedMessageException(other.Message);
        }

        var item = VerifiedJson.Parse(bytes, blob, CurriculumJson.Default.WorkItem);
        return item.Id == message.Id
            ? item
            : throw new MisdirectedMessageException($"Expected the item {message.Id} in {blob.Container}/{blob.Name}, found {item.Id}.");
    }

    /// <summary>Reads the states that an item refers to.</summary>
    /// <exception cref="WorkFailedException"><c>corrupt-state</c>.</exception>
    public async Task<LoadedInputs> LoadAsync(WorkItem item, Func<Task> loaded, CancellationToken cancellationToken)
    {
        var (state, more) = item switch
        {
            RolloutItem rollout => (rollout.Policy, (string[])(rollout.Values ? [StatePartNames.Values] : [])),
            EvaluateItem evaluate => (evaluate.Policy, []),
            ContinueItem continuing => (continuing.Policy, []),
            ScoreItem scoring => (scoring.Policy, []),
            UpdateItem { FreshOptimizer: true } update => (update.State, [StatePartNames.Counters, StatePartNames.Values]),
            UpdateItem update => (update.State, [StatePartNames.Optimizer, StatePartNames.Counters, StatePartNames.Values]),
            ColocatedItem colocated => (colocated.Policy, [StatePartNames.Optimizer, StatePartNames.Counters, StatePartNames.Values]),
            _ => (null, []),
        };
        if (state is null)
            return LoadedInputs.None;

        var loadedState = await states.LoadAsync(state, more, loaded, cancellationToken);
        if (item is ColocatedItem stage)
            return await StageAsync(stage, loadedState, loaded, cancellationToken);
        return new(loadedState.Parts, state.Manifest)
        {
            Precision = loadedState.Manifest.Precision,
            Reference = item is RolloutItem { Reference: { } reference } ? await ReferenceAsync(reference, loaded, cancellationToken) : null,
        };
    }

    private async Task<LoadedInputs> StageAsync(ColocatedItem item, LoadedState policy, Func<Task> loaded, CancellationToken cancellationToken)
    {
        var start = await states.LoadAsync(item.Start, [StatePartNames.Counters, StatePartNames.Values], loaded, cancellationToken);
        return new(policy.Parts, item.Policy.Manifest)
        {
            Precision = policy.Manifest.Precision,
            Reference = new(start.Parts, item.Start.Manifest) { Precision = start.Manifest.Precision },
            Stage = new(
                await stages.SettingAsync(item, cancellationToken), await stages.TaskAsync(item, cancellationToken), policy.Manifest, start.Manifest),
        };
    }

    private async Task<LoadedInputs> ReferenceAsync(StateRef reference, Func<Task> loaded, CancellationToken cancellationToken)
    {
        var state = await states.LoadAsync(reference, [], loaded, cancellationToken);
        return new(state.Parts, reference.Manifest) { Precision = state.Manifest.Precision };
    }
}

/// <summary>A message that names an item which is not there, or is another than its hash says.</summary>
internal sealed class MisdirectedMessageException(string message) : Exception(message);
