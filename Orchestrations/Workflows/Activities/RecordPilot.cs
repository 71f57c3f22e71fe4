using Curriculum.Admission;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Takes pilot rollouts into the stage's difficulty profile, and stores it.</summary>
public sealed class RecordPilot(JsonBlobs blobs, FrozenRun frozen, StagePool pool, RunUsage usage, WorkDispatch dispatch)
{
    [Function(nameof(RecordPilot))]
    public async Task<StageProgress> Run([ActivityTrigger] RecordPilotInput input, CancellationToken cancellationToken)
    {
        var (key, progress) = (input.Stage, input.Progress);
        var groups = new List<TrajectoryGroup>();
        var (tokens, seconds) = (0L, 0.0);
        foreach (var id in input.Items)
        {
            var result = await dispatch.ReadResultAsync(id, cancellationToken);
            if (result.Failure is { } failure)
            {
                var end = StageFailure.Of(id, failure);
                return progress.End(end.Outcome, end.Reason);
            }

            var output = (RolloutOutput)result.Output!;
            groups.AddRange(output.Groups);
            tokens += output.ForwardTokens;
            seconds += result.Timing.Seconds;
        }

        var stage = await frozen.StageAsync(key, cancellationToken);
        var problems = await pool.AllAsync(key, stage, cancellationToken);
        var before = progress.Profile is { } known ? await pool.ProfileAsync(known, cancellationToken) : Profiling.Unpiloted(problems);
        var profile = Profiling.TakeIn(before, stage.Profile!, problems, groups, progress.Iteration);
        var blob = FormattableString.Invariant($"{key.Run}/profiles/{key.Arm}/{key.Seed}/{key.Stage}-{key.Attempt}-{profile.Ordinal:D4}.json");
        await blobs.FreezeAsync(StorageNames.RunsContainer, blob, profile, OrchestrationsJson.Default.DifficultyProfile, cancellationToken);
        progress = progress with
        {
            ForwardTokens = progress.ForwardTokens + tokens,
            Seconds = progress.Seconds + seconds,
            Profile = new(blob, profile.Ordinal, progress.Iteration),
            Difficulty = profile.Summarise((progress.Difficulty?.Pilots ?? 0) + 1, (progress.Difficulty?.PilotTokens ?? 0) + tokens),
        };
        await usage.WriteAsync(key, progress, cancellationToken);
        return progress;
    }
}

/// <summary>Input of <see cref="RecordPilot"/>.</summary>
public sealed record RecordPilotInput(StageKey Stage, StageProgress Progress, IReadOnlyList<string> Items);
