namespace Curriculum.Work;

/// <summary>What a worker logged about an item during one delivery; written where the item failed, came again or gave a warning, and never otherwise.</summary>
/// <param name="Delivery">The how-manieth delivery of its message.</param>
/// <param name="Dropped">Earlier lines that were too many.</param>
/// <param name="Lines">The last of them, in their order.</param>
public sealed record WorkLog(string Worker, long Delivery, int Dropped, IReadOnlyList<WorkLogLine> Lines);

/// <summary>A line.</summary>
/// <param name="Level">In lower case: information, warning, error or critical.</param>
/// <param name="Text">With what was thrown, if anything was.</param>
public sealed record WorkLogLine(DateTimeOffset At, string Level, string Text);
