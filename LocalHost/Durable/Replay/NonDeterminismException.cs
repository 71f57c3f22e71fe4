namespace LocalHost.Durable.Replay;

/// <summary>An orchestrator's code does not do what its history says that it did.</summary>
internal sealed class NonDeterminismException(string orchestrator, int position, string recorded, string done)
    : Exception(
        $"Non-deterministic orchestrator '{orchestrator}': at event {position} of its history there is {recorded}, but the code now "
        + $"{done}. Was it changed after this instance had started? Give such a change another version.")
{
    /// <summary>The type that the official host gives such a failure.</summary>
    public const string ErrorType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";
}
