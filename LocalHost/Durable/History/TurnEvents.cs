namespace LocalHost.Durable.History;

/// <summary>One step of the orchestrator begins: the inputs it got and the actions it took follow.</summary>
/// <param name="At">The orchestration's time in this turn.</param>
/// <param name="Events">How many events follow in this turn; fewer in the blob means that its writer died half-way.</param>
internal sealed record TurnStarted(DateTimeOffset At, int Events) : HistoryEvent;

/// <summary>The turn before was not written whole and does not count.</summary>
internal sealed record TurnCut : HistoryEvent;

/// <summary>Another host goes on from here: what the one before still tries to append is refused for its position.</summary>
internal sealed record HostTookOver(string Host) : HistoryEvent;
