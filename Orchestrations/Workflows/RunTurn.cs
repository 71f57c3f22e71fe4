using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>Waits until fewer runs are before this one than the hub runs at once; the run's status says so meanwhile.</summary>
public static class RunTurn
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public static async Task WaitAsync(TaskOrchestrationContext context)
    {
        for (var pause = FirstLook; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var turn = await context.CallActivityAsync<Turn>(nameof(TakeTurn), context.InstanceId, Retries.Storage);
            if (turn.HasCome)
                return;
            context.SetCustomStatus(FormattableString.Invariant(
                $"waiting for its turn: {turn.Before} {(turn.Before == 1 ? "run is" : "runs are")} before it, {turn.MaxActive} may go on at once (Runs__MaxActive)"));
            await context.CreateTimer(context.CurrentUtcDateTime + pause, CancellationToken.None);
        }
    }
}

/// <summary>Where a run stands in the line.</summary>
/// <param name="Before">Runs before it that have not ended.</param>
/// <param name="MaxActive">How many go on at once.</param>
public sealed record Turn(int Before, int MaxActive)
{
    public bool HasCome => Before < MaxActive;
}
