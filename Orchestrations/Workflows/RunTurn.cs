using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>Waits until fewer runs are before this one than the hub runs at once; the run's status says so meanwhile.</summary>
public static class RunTurn
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Looks of one generation, a little over an hour and a half; a line may be weeks long, and each look is appended to the history.</summary>
    private const int LooksPerGeneration = 200;

    /// <summary>Whether the turn has come; where it has not after so many looks, the run is to continue as new. Nothing is awaited then.</summary>
    public static async Task<bool> HasComeAsync(TaskOrchestrationContext context)
    {
        var pause = FirstLook;
        for (var looks = 0; looks < LooksPerGeneration || RunVersions.IsBeforeBounds(context); looks++)
        {
            var turn = await context.CallActivityAsync<Turn>(nameof(TakeTurn), context.InstanceId, Retries.Storage);
            if (turn.HasCome)
                return true;
            context.SetCustomStatus(FormattableString.Invariant(
                $"waiting for its turn: {turn.Before} {(turn.Before == 1 ? "run is" : "runs are")} before it, {turn.MaxActive} may go on at once (Runs__MaxActive)"));
            await context.CreateTimer(context.CurrentUtcDateTime + pause, CancellationToken.None);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return false;
    }
}

/// <summary>Where a run stands in the line.</summary>
/// <param name="Before">Runs before it that have not ended.</param>
/// <param name="MaxActive">How many go on at once.</param>
public sealed record Turn(int Before, int MaxActive)
{
    public bool HasCome => Before < MaxActive;
}
