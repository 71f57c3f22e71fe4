using System.Text.Json;
using LocalHost.Durable;
using Microsoft.DurableTask;

namespace EngineBench;

/// <summary>A fan-out of 1,000 activities, and a chain of ten; the activity gives back its input.</summary>
internal sealed class EchoApp : IDurableFunctions
{
    public const int Width = 1000;
    public const int Length = 10;

    public Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) => name switch
    {
        "Fan" => async context =>
        {
            var echoes = await Task.WhenAll(Enumerable.Range(0, Width).Select(i => context.CallActivityAsync<int>("Echo", i)));
            return echoes.Sum();
        }
        ,
        "Chain" => async context =>
        {
            var value = 0;
            for (var i = 0; i < Length; i++)
                value = await context.CallActivityAsync<int>("Echo", value + 1);
            return value;
        }
        ,
        _ => null,
    };

    public Func<ActivityCall, CancellationToken, Task<object?>>? FindActivity(string name) =>
        name == "Echo" ? (call, _) => Task.FromResult<object?>(JsonSerializer.Deserialize<int>(call.Input!)) : null;
}
