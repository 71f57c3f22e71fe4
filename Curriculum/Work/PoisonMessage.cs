namespace Curriculum.Work;

/// <summary>The message on the <c>work-poison</c> queue: a work message that was moved aside, and why.</summary>
/// <param name="Reason">What was expected and what was found.</param>
/// <param name="Text">The message as it was queued, without the item that it carried; cut where it would not fit.</param>
/// <param name="Id">The item's id, where the message could be read.</param>
public sealed record PoisonMessage(string Reason, string Text, WorkItemId? Id = null);
