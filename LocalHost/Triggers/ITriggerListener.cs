namespace LocalHost.Triggers;

/// <summary>Waits for what starts a function, and runs it.</summary>
internal interface ITriggerListener
{
    /// <summary>Runs until <paramref name="stopping"/>, then ends what is in flight; <paramref name="aborting"/> is what the functions see.</summary>
    Task RunAsync(CancellationToken stopping, CancellationToken aborting);
}
