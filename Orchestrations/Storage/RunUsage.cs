using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What a run's arms have used up, as their progress says, and the caps on it.</summary>
public sealed class RunUsage(JsonBlobs blobs, FrozenRun frozen, TimeProvider clock)
{
    /// <summary>Starts the run's clock, unless it goes already: time in a queue of runs does not count, and a retry or a fork has a clock of its own.</summary>
    public Task BeginAsync(string run, CancellationToken cancellationToken) => blobs.TryCreateAsync(
        StorageNames.RunsContainer,
        Began(run),
        JsonSerializer.SerializeToUtf8Bytes(new RunBegan(clock.GetUtcNow()), StorageJson.Default.RunBegan),
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
    internal static string? Reached(LimitsPlan limits, Usage used, TimeSpan since)
    {
        if (used.WorkerSeconds >= limits.WorkerSecondsCap)
            return FormattableString.Invariant($"Workers computed for {used.WorkerSeconds:0} s, which reached limits.workerSecondsCap {limits.WorkerSecondsCap}.");
        if (used.Tokens >= limits.TokenCap)
            return FormattableString.Invariant($"The run used {used.Tokens} tokens, which reached limits.tokenCap {limits.TokenCap}.");
        return since.TotalSeconds >= limits.WallClockSecondsCap
            ? FormattableString.Invariant($"The run went on for {since.TotalSeconds:0} s, which reached limits.wallClockSecondsCap {limits.WallClockSecondsCap}.")
            : null;
    }

    private async Task<Usage> TotalAsync(string run, CancellationToken cancellationToken)
    {
        var arms = await blobs.ReadAllAsync(StorageNames.RunsContainer, ProgressBlobs.Prefix(run), StorageJson.Default.ArmProgress, cancellationToken);
        return new(arms.Sum(arm => arm.Usage?.Tokens ?? 0), arms.Sum(arm => arm.Usage?.WorkerSeconds ?? 0));
    }

    /// <summary>When the run's turn had come.</summary>
    public async Task<DateTimeOffset> BeganAsync(string run, CancellationToken cancellationToken)
    {
        await BeginAsync(run, cancellationToken);
        return (await blobs.ReadAsync(StorageNames.RunsContainer, Began(run), StorageJson.Default.RunBegan, cancellationToken)).At;
    }

    private static string Began(string run) => $"{run}/began.json";
}

/// <summary>When a run's turn had come.</summary>
public sealed record RunBegan(DateTimeOffset At);
