namespace Curriculum.Work;

/// <summary>The message on the <c>work</c> queue: a reference, never a payload.</summary>
/// <param name="Id">Text form of the item's id.</param>
/// <param name="InputHash">SHA-256 of the item's bytes.</param>
/// <param name="Instance">The orchestration instance that waits for the result.</param>
public sealed record WorkMessage(string Id, string InputHash, string Instance);

/// <summary>The message on the <c>results</c> queue: a hint that a result is stored.</summary>
public sealed record ResultMessage(string Id, string Instance)
{
    /// <summary>Name of the external event that the completion function raises.</summary>
    public string EventName => EventNameOf(Id);

    /// <summary>Name of the external event for an item.</summary>
    public static string EventNameOf(string id) => $"done:{id}";
}
