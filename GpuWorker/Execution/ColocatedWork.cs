using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;

namespace GpuWorker.Execution;

/// <summary>Runs several iterations of a stage, up to the next checkpoint or the stage's end.</summary>
internal static class ColocatedWork
{
    /// <exception cref="WorkFailedException">The item cannot be begun; what fails within it is part of what it did.</exception>
    public static ComputedStage Execute(ColocatedItem item, LoadedInputs inputs, IWorkExecutor executor, Action<double> heartbeat, CancellationToken cancellationToken)
    {
        var stage = inputs.Stage ?? throw new WorkFailedException(WorkFailedException.BadItem, "Expected the setting and the state of a stage with an item of several iterations, found none.");
        var (begin, iterations) = (stage.Task.State, 0);
        var progress = new Marks(share => heartbeat(Math.Min(1, (iterations + (share / 2)) / ColocatedShare.MostIterations)));
        var evaluated = new List<EvaluatedItem>();
        StageWork work = new(executor, progress, cancellationToken) { Evaluated = evaluated.Add };
        work.Add(item.Start.Folder, inputs.Reference ?? inputs, stage.StartManifest);
        work.Add(item.Policy.Folder, inputs with { Stage = null, Reference = null }, stage.PolicyManifest);

        var done = new StageStep(begin);
        var states = new Dictionary<string, NamedState>(StringComparer.Ordinal);
        foreach (var step in work.Run(stage.Setting, begin, state => new(Rests: ColocatedShare.IsDone(begin, state)), stage.Task.Readings))
        {
            iterations += step.Iterations.Count(ended => done.Iterations.All(earlier => earlier.Iteration != ended.Iteration));
            // What the item was given is stored already.
            foreach (var (state, folder) in step.Kept.Where(kept => kept.State != item.Policy && kept.State != item.Start))
                states[folder] = work.Named(state, folder);
            // What was gathered is read later by the stage's next item, or after a roll-back to a checkpoint.
            var gathered = step.Kept.Count > 0 || step.Rests ? step.State.Gathered : null;
            done = (step with { Gathered = gathered is null ? [] : [new(gathered, work.Gathered(gathered))] }).After(done);
            // Whether stored states are whole is for those to see who go on from them.
            if (step.State.Phase == StagePhase.Inspect)
                break;
        }

        // Where no checkpoint was due, the next item goes on from the last state itself.
        var last = done.State.Policy;
        if (last != item.Policy && !states.ContainsKey(last.Folder))
            states[last.Folder] = work.Named(last, last.Folder);
        return new(
            done with
            {
                Evaluated = evaluated,
                Released = [.. done.Released.Where(folder => item.Policy.Folder == folder || item.Policy.Folder.StartsWith($"{folder}/", StringComparison.Ordinal)).Distinct()]
            },
            iterations,
            [.. states.Values]);
    }
}
