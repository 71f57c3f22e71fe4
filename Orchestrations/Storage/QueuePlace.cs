namespace Orchestrations.Storage;

/// <summary>Where a run stands in the line.</summary>
/// <param name="Before">Runs before it that have not ended.</param>
/// <param name="MaxActive">How many go on at once.</param>
public sealed record QueuePlace(int Before, int MaxActive)
{
    /// <summary>Whether the run was canceled while it waited.</summary>
    public bool IsCanceled { get; init; }

    public bool HasCome => Before < MaxActive;

    public string InWords => FormattableString.Invariant(
        $"{Before} {(Before == 1 ? "run is" : "runs are")} before it, {MaxActive} may go on at once (Runs__MaxActive)");
}
