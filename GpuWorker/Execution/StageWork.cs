using System.Diagnostics;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;

namespace GpuWorker.Execution;

/// <summary>Does the work of a stage in this process: states stay in memory, queues and blobs are left out.</summary>
internal sealed class StageWork(IWorkExecutor executor, IProgress<double> progress, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, HeldState> _states = new(StringComparer.Ordinal);
    private InProcessStage? _stage;

    /// <summary>Told of each evaluation that was done. Default: nobody.</summary>
    public Action<EvaluatedItem> Evaluated { get; init; } = _ => { };

    /// <summary>Takes in a state that is there already.</summary>
    /// <param name="folder">Its name.</param>
    /// <param name="loaded">Its parts.</param>
    /// <param name="manifest">Its manifest.</param>
    public void Add(string folder, LoadedInputs loaded, StateManifest manifest) => _states[folder] = new(loaded, new(folder, manifest, loaded.StateParts));

    /// <summary>A state that was made here, as it is to be stored in a folder.</summary>
    public NamedState Named(StateRef state, string folder) => _states[state.Folder].Named with { Folder = folder };

    /// <summary>Runs a stage until it ends or rests.</summary>
    public IEnumerable<StageStep> Run(StageSetting setting, StageState begin, Func<StageState, Directive> directive, StageReadings? known = null)
    {
        _stage = new(Do) { Directive = directive };
        foreach (var step in _stage.Run(setting, begin, known))
        {
            foreach (var (state, folder) in step.Kept)
                _states[folder] = _states[state.Folder];
            yield return step;
            foreach (var folder in step.Released)
            {
                foreach (var gone in _states.Keys.Where(name => name == folder || name.StartsWith($"{folder}/", StringComparison.Ordinal)).ToList())
                    _states.Remove(gone);
            }
        }
    }

    /// <summary>What a stage's iterations gathered, under the name that its state gives it.</summary>
    public UpdateBatch Gathered(string name) => _stage!.Gathered[name];

    /// <summary>Does one item.</summary>
    public WorkResult Do(WorkItem item)
    {
        var clock = Stopwatch.StartNew();
        var (output, failure) = Try(item);
        var result = new WorkResult
        {
            Id = item.Id,
            InputHash = AwaitedResult.Of(item).InputHash,
            Output = output,
            Failure = failure,
            Fingerprint = executor.Fingerprint,
            Timing = new("in process", DateTimeOffset.UnixEpoch, clock.Elapsed.TotalSeconds),
        };
        if (item is EvaluateItem evaluation)
            Evaluated(new(evaluation, result));
        return result;
    }

    private (WorkOutput? Output, WorkFailure? Failure) Try(WorkItem item)
    {
        try
        {
            var output = item switch
            {
                UpdateItem update => Train(update),
                RolloutItem rollout => Execute(item, _states[rollout.Policy.Folder].Loaded with { Reference = rollout.Reference is { } reference ? _states[reference.Folder].Loaded : null }),
                EvaluateItem evaluation => Execute(item, _states[evaluation.Policy.Folder].Loaded),
                _ => throw new InvalidOperationException($"Expected rollouts, updates and evaluations of a stage, found {item.Id.Kind}."),
            };
            return OutputFigures.AreFinite(output)
                ? (output, null)
                : (null, new(WorkFailure.NonFinite, $"A figure of the output of {item.Id} is not finite."));
        }
        catch (WorkFailedException failed)
        {
            return (null, failed.ToFailure());
        }
    }

    private UpdateOutput Train(UpdateItem item)
    {
        var before = _states[item.State.Folder];
        var computed = (ComputedState)executor.Execute(item, before.Loaded, progress, cancellationToken);
        var named = NextState.Of(item.OutputFolder, computed, item.State, before.Named.Manifest, before.Loaded);
        var next = named.Ref;
        _states[item.OutputFolder] = new(new(computed.Over(before.Loaded), next.Manifest) { Precision = before.Loaded.Precision }, named);
        return computed.ToOutput(next);
    }

    private WorkOutput Execute(WorkItem item, LoadedInputs state) => ((ComputedOutput)executor.Execute(item, state, progress, cancellationToken)).Output;

    private sealed record HeldState(LoadedInputs Loaded, NamedState Named);
}
