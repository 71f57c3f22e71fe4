using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace TinyApp;

/// <summary>Orchestrations and activities, each with one thing to show.</summary>
public static class Work
{
    [Function(nameof(Chain))]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var said = "";
        for (var step = 0; step < 3; step++)
            said += await context.CallActivityAsync<string>(nameof(Say), step.ToString(CultureInfo.InvariantCulture));
        return said;
    }

    [Function(nameof(Parent))]
    public static async Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context) =>
        $"parent of {await context.CallSubOrchestratorAsync<string>(nameof(Chain), null, new SubOrchestrationOptions(instanceId: $"{context.InstanceId}:child"))}";

    [Function(nameof(EventOrTimer))]
    public static async Task<string> EventOrTimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waiting");
        using var stop = new CancellationTokenSource();
        var told = context.WaitForExternalEvent<string>("told");
        var timer = context.CreateTimer(context.CurrentUtcDateTime.AddSeconds(int.Parse(context.GetInput<string>()!, CultureInfo.InvariantCulture)), stop.Token);
        if (await Task.WhenAny(told, timer) == timer)
            return "nobody told";
        stop.Cancel();
        return await told;
    }

    [Function(nameof(Again))]
    public static async Task<int> Again([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var round = int.Parse(context.GetInput<string>()!, CultureInfo.InvariantCulture);
        await context.CallActivityAsync<string>(nameof(Say), "x");
        if (round < 3)
            context.ContinueAsNew((round + 1).ToString(CultureInfo.InvariantCulture));
        return round;
    }

    [Function(nameof(Fails))]
    public static Task<string> Fails([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>(nameof(Boom), "boom o1");

    /// <summary>Its input is a file, to which each try of the activity writes a line, and how long the activity takes.</summary>
    [Function(nameof(Slow))]
    public static async Task<string> Slow([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var retries = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1)));
        return await context.CallActivityAsync<string>(nameof(Take), context.GetInput<string>(), retries);
    }

    [Function(nameof(Say))]
    public static string Say([ActivityTrigger] string text, string instanceId) => instanceId.Length > 0 ? text : throw new InvalidOperationException("Expected the instance's id.");

    [Function(nameof(Boom))]
    public static string Boom([ActivityTrigger] string text) => throw new InvalidOperationException(text);

    [Function(nameof(Take))]
    public static async Task<string> Take([ActivityTrigger] string input)
    {
        var (file, seconds) = (input.Split('|')[0], double.Parse(input.Split('|')[1], CultureInfo.InvariantCulture));
        await File.AppendAllTextAsync(file, "began\n");
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        await File.AppendAllTextAsync(file, "ended\n");
        return "taken";
    }
}
