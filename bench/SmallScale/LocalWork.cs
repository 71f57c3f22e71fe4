using System.Diagnostics;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace SmallScale;

/// <summary>Does the work of stages in this process, over the worker's executor: states stay in memory, queues and blobs are left out.</summary>
internal sealed class LocalWork(WorkExecutor executor)
{
    private readonly Dictionary<string, LoadedInputs> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<WorkKind, (double Seconds, long Tokens)> _took = [];
    private InProcessStage? _stage;

    /// <summary>What each kind of work took since the start.</summary>
    public IReadOnlyDictionary<WorkKind, (double Seconds, long Tokens)> Took => _took;

    /// <summary>Names a state that is there already.</summary>
    public StateRef Add(string folder, LoadedInputs state)
    {
        _states[folder] = state;
        return new(StorageNames.RunsContainer, folder, state.StateKey!);
    }

    /// <summary>Runs a stage to its end.</summary>
    public IEnumerable<StageStep> Run(StageSetting setting, StageState begin, Func<StageState, Directive> directive)
    {
        _stage = new(Do) { Directive = directive };
        foreach (var step in _stage.Run(setting, begin))
        {
            if (step.Keep is { } keep)
                _states[keep.Folder] = _states[keep.State.Folder];
            foreach (var folder in step.Released)
            {
                foreach (var gone in _states.Keys.Where(name => name == folder || name.StartsWith($"{folder}/", StringComparison.Ordinal)).ToList())
                    _states.Remove(gone);
            }

            yield return step;
        }
    }

    /// <summary>Does one item.</summary>
    public WorkResult Do(WorkItem item)
    {
        var clock = Stopwatch.StartNew();
        var output = item switch
        {
            UpdateItem update => Train(update),
            RolloutItem rollout => Execute(item, _states[rollout.Policy.Folder], []),
            EvaluateItem evaluation => Execute(item, _states[evaluation.Policy.Folder], []),
            _ => throw new InvalidOperationException($"Expected rollouts, updates and evaluations, found {item.Id.Kind}."),
        };
        var seconds = clock.Elapsed.TotalSeconds;
        var (before, tokens) = _took.GetValueOrDefault(item.Id.Kind);
        _took[item.Id.Kind] = (before + seconds, tokens + output switch { RolloutOutput sampled => sampled.ForwardTokens, UpdateOutput trained => trained.TrainedTokens, _ => 0 });
        return new()
        {
            Id = item.Id,
            InputHash = AwaitedResult.Of(item).InputHash,
            Output = output,
            Fingerprint = executor.Fingerprint,
            Timing = new("in process", DateTimeOffset.UnixEpoch, seconds),
        };
    }

    private UpdateOutput Train(UpdateItem update)
    {
        var before = _states[update.State.Folder];
        var next = (ComputedState)executor.Execute(
            update, before with { Batches = [.. update.Steps.Select(step => _stage!.Batches[step.Batch.Name])] }, new Marks(_ => { }), CancellationToken.None);
        return next.ToOutput(Add(update.OutputFolder, new(next.Over(before), update.OutputFolder, [])));
    }

    private WorkOutput Execute(WorkItem item, LoadedInputs state, IReadOnlyList<UpdateBatch> batches) =>
        ((ComputedOutput)executor.Execute(item, state with { Batches = batches }, new Marks(_ => { }), CancellationToken.None)).Output;
}
