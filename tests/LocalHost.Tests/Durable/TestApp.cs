using System.Text.Json;
using LocalHost.Durable;
using Microsoft.DurableTask;

namespace LocalHost.Tests.Durable;

/// <summary>An app of lambdas.</summary>
internal sealed class TestApp : IDurableFunctions
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Func<ActivityCall, CancellationToken, Task<object?>>> _activities =
        new(StringComparer.OrdinalIgnoreCase);

    public TestApp Orchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> code)
    {
        _orchestrators[name] = code;
        return this;
    }

    public TestApp Activity<TInput>(string name, Func<TInput, object?> code) =>
        Activity<TInput>(name, (input, _) => Task.FromResult(code(input)));

    public TestApp Activity<TInput>(string name, Func<TInput, CancellationToken, Task<object?>> code)
    {
        _activities[name] = async (call, cancellation) =>
            await code(call.Input is null ? default! : JsonSerializer.Deserialize<TInput>(call.Input)!, cancellation);
        return this;
    }

    public Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public Func<ActivityCall, CancellationToken, Task<object?>>? FindActivity(string name) => _activities.GetValueOrDefault(name);
}
