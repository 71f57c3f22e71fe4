namespace Microsoft.DurableTask;

/// <summary>How an orchestration starts over.</summary>
public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    /// <summary>Whether events that nothing has waited for go on to the next generation; they do by default.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>The version from here on; the same as before by default.</summary>
    public string? NewVersion { get; set; }
}
