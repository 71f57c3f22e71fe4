namespace Curriculum.Work;

/// <summary>The message on the <c>work</c> queue: a reference, never a payload.</summary>
/// <param name="InputHash">SHA-256 of the item's bytes.</param>
/// <param name="Instance">The orchestration instance that waits for the result.</param>
/// <param name="IsRepeated">Whether the item was sent before, so that it may have a result.</param>
public sealed record WorkMessage(WorkItemId Id, string InputHash, string Instance, bool IsRepeated = false);

/// <summary>The message on the <c>results</c> queue: a hint that a result is stored.</summary>
public sealed record ResultMessage(WorkItemId Id, string Instance);
