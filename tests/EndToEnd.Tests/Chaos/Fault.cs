namespace EndToEnd.Tests.Chaos;

/// <summary>Something that is done to the system in the middle of a run.</summary>
/// <param name="Name">What, to whom and when: the line in the log.</param>
/// <param name="Kind">What it is counted under.</param>
/// <param name="Process"><c>host</c>, <c>worker</c> or <c>azurite</c>.</param>
/// <param name="DoAsync">Does it; returns once it is done and everything that it ended was started again.</param>
internal sealed record Fault(string Name, string Kind, string Process, Func<ChaosSystem, Random, CancellationToken, Task> DoAsync);
