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

    /// <summary>The batches of the update under way, and what was gathered, by blob name.</summary>
    public Dictionary<string, UpdateBatch> Gathered { get; } = new(StringComparer.Ordinal);

    /// <summary>What the run is told at each step. Default: to go on.</summary>
    public Func<StageState, Directive> Directive { get; init; } = _ => new();

    /// <summary>The states of the stage until it has ended or rests, each with what the step that led to it left behind.</summary>
    /// <param name="setting">Of the stage.</param>
    /// <param name="begin">The state to go on from.</param>
    /// <param name="known">What is stored already of what the first steps read.</param>
    public IEnumerable<StageStep> Run(StageSetting setting, StageState begin, StageReadings? known = null)
    {
        var machine = new StageMachine(setting);
        Know(begin, known ?? new());
        for (var (state, rests) = (begin, false); state.Phase != StagePhase.End && !rests;)
        {
            var step = machine.Next(state, Read(state));
            (state, rests) = (step.State, step.Rests && step.State.Directive.Rests);
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
        Gathered = state.Gathered is { } gathered ? Gathered[gathered] : null,
        Best = state.Guards.BestValidation is { } best ? _validations[best] : null,
        Known = _validations.Values.FirstOrDefault(point => point.State == state.Policy),
    };

    private void Know(StageState begin, StageReadings known)
    {
        if (begin.Profile is { } profile && known.Profile is { } drawn)
            _profiles[profile.Blob] = drawn;
        if (begin.Gathered is { } gathered && known.Gathered is { } data)
            Gathered[gathered] = data;
        foreach (var validation in (ValidatedCheckpoint?[])[known.Best, known.Known])
        {
            if (validation is not null)
                _validations[validation.Blob] = validation;
        }
    }

    /// <summary>Keeps what later steps read, and lets go of what none does: a stage may have thousands of iterations.</summary>
    private void Keep(StageStep step)
    {
        var state = step.State;
        foreach (var id in _results.Keys.Where(id => state.Awaited.All(awaited => awaited.Id != id)).ToList())
            _results.Remove(id);
        if (step.Gathered.Count > 0)
        {
            foreach (var name in Gathered.Keys.Where(name => name != state.Gathered).ToList())
                Gathered.Remove(name);
        }

        foreach (var (name, batch) in step.Gathered)
            Gathered[name] = batch;
        foreach (var (name, profile) in step.Profiles)
            _profiles[name] = profile;
        foreach (var validation in step.Validations)
            _validations[validation.Blob] = validation;
    }
}
