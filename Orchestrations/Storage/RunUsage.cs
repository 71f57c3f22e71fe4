using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Storage;

/// <summary>What a run's stages have used up, in <c>{run}/usage/</c>, and the caps on it.</summary>
public sealed class RunUsage(JsonBlobs blobs, FrozenRun frozen, TimeProvider clock)
{
    public Task WriteAsync(StageKey stage, StageProgress progress, CancellationToken cancellationToken) => blobs.WriteAsync(
        StorageNames.RunsContainer,
        FormattableString.Invariant($"{Prefix(stage.Run)}{stage.Arm}/{stage.Seed}/{stage.Stage}-{stage.Attempt}.json"),
        new StageUsage(progress.ForwardTokens + progress.TrainedTokens, progress.Seconds),
        OrchestrationsJson.Default.StageUsage,
        cancellationToken);

    /// <summary>Starts the run's clock, unless it goes already: time in a queue of runs does not count, and a retry or a fork has a clock of its own.</summary>
    public Task BeginAsync(string run, CancellationToken cancellationToken) => blobs.TryCreateAsync(
        StorageNames.RunsContainer,
        Began(run),
        JsonSerializer.SerializeToUtf8Bytes(new RunBegan(clock.GetUtcNow()), OrchestrationsJson.Default.RunBegan),
        cancellationToken);

    /// <summary>The cap that the run has reached, with what was used; null where it may go on.</summary>
    public async Task<string?> CapAsync(string run, CancellationToken cancellationToken)
    {
        var limits = (await frozen.PlanAsync(run, cancellationToken)).Limits;
        if (limits is { WorkerSecondsCap: null, TokenCap: null, WallClockSecondsCap: null })
            return null;
        var used = await TotalAsync(run, cancellationToken);
        var began = await BeganAsync(run, cancellationToken);
        return Reached(limits, used, clock.GetUtcNow() - began);
    }

    /// <summary>Which cap is reached, if any: a pure function.</summary>
    internal static string? Reached(LimitsPlan limits, StageUsage used, TimeSpan since)
    {
        if (used.WorkerSeconds >= limits.WorkerSecondsCap)
            return FormattableString.Invariant($"Workers computed for {used.WorkerSeconds:0} s, which reached limits.workerSecondsCap {limits.WorkerSecondsCap}.");
        if (used.Tokens >= limits.TokenCap)
            return FormattableString.Invariant($"The run used {used.Tokens} tokens, which reached limits.tokenCap {limits.TokenCap}.");
        return since.TotalSeconds >= limits.WallClockSecondsCap
            ? FormattableString.Invariant($"The run went on for {since.TotalSeconds:0} s, which reached limits.wallClockSecondsCap {limits.WallClockSecondsCap}.")
            : null;
    }

    private async Task<StageUsage> TotalAsync(string run, CancellationToken cancellationToken)
    {
        var total = new StageUsage(0, 0);
        foreach (var name in await blobs.ListAsync(StorageNames.RunsContainer, Prefix(run), cancellationToken))
        {
            var stage = await blobs.ReadAsync(StorageNames.RunsContainer, name, OrchestrationsJson.Default.StageUsage, cancellationToken);
            total = new(total.Tokens + stage.Tokens, total.WorkerSeconds + stage.WorkerSeconds);
        }

        return total;
    }

    private async Task<DateTimeOffset> BeganAsync(string run, CancellationToken cancellationToken)
    {
        await BeginAsync(run, cancellationToken);
        return (await blobs.ReadAsync(StorageNames.RunsContainer, Began(run), OrchestrationsJson.Default.RunBegan, cancellationToken)).At;
    }

    private static string Began(string run) => $"{run}/began.json";

    private static string Prefix(string run) => $"{run}/usage/";
}

/// <summary>What a stage has used up.</summary>
/// <param name="Tokens">Forward and trained.</param>
/// <param name="WorkerSeconds">Of workers' computing.</param>
public sealed record StageUsage(long Tokens, double WorkerSeconds);

/// <summary>When a run's turn had come.</summary>
public sealed record RunBegan(DateTimeOffset At);
