using Curriculum.Admission;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>Runs stages in this process, without storage: each work item is done at once.</summary>
/// <param name="work">Does an item.</param>
public sealed class InProcessStage(Func<WorkItem, WorkResult> work)
{
    private readonly Dictionary<string, DifficultyProfile> _profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValidatedCheckpoint> _validations = new(StringComparer.Ordinal);
    private readonly Dictionary<WorkItemId, WorkResult> _results = [];

    /// <summary>Every batch that an update trains on, and what was gathered, by blob name.</summary>
    public Dictionary<string, UpdateBatch> Batches { get; } = new(StringComparer.Ordinal);

    /// <summary>What the run is told at each step. Default: to go on.</summary>
    public Func<StageState, Directive> Directive { get; init; } = _ => new();

    /// <summary>The states of the stage until it has ended, each with what the step that led to it left behind.</summary>
    public IEnumerable<StageStep> Run(StageSetting setting, StageState begin)
    {
        var machine = new StageMachine(setting);
        for (var state = begin; state.Phase != StagePhase.End;)
        {
            var step = machine.Next(state, Read(state));
            state = step.State;
            Keep(step);
            yield return step;
            foreach (var item in step.Work.Where(item => !_results.ContainsKey(item.Id)))
                _results[item.Id] = work(item);
        }
    }

    private StageReadings Read(StageState state) => new()
    {
        Directive = Directive(state),
        Results = state.Awaited.ToDictionary(awaited => awaited.Id, awaited => _results[awaited.Id]),
        Profile = state.Profile is { } profile ? _profiles[profile.Blob] : null,
        Gathered = state.Gathered is { } gathered ? Batches[gathered] : null,
        Best = state.Guards.BestValidation is { } best ? _validations[best] : null,
        Known = _validations.Values.FirstOrDefault(point => point.State == state.Policy),
    };

    private void Keep(StageStep step)
    {
        foreach (var (name, batch) in step.Batches)
            Batches[name] = batch;
        if (step.Profile is { } profile)
            _profiles[profile.Name] = profile.Profile;
        if (step.Validation is { } validation)
            _validations[validation.Blob] = validation;
    }
}
