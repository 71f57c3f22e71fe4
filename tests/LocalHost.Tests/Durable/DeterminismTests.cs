using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LocalHost.Tests.Durable;

public sealed class DeterminismTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_changed_orchestrator_fails_and_names_the_first_event_that_differs()
    {
        App.Activity<int>("A", x => x)
            .Orchestrator("Changes", async context =>
            {
                await context.CallActivityAsync("A", 1);
                await context.WaitForExternalEvent<int>("x");
                return null;
            });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Changes", null, new StartOrchestrationOptions("one"), Token);
        await WaitFor(async () => (await Engine.ReadHistoryAsync("one", Token))!.Count == 5);

        App.Orchestrator("Changes", async context =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            return null;
        });
        await CrashAndStartAsync();
        var end = await EndOf("one");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith(
            "Non-deterministic orchestrator 'Changes': at event 2 of its history there is activity 'A' (#0), but the code now "
            + "does timer (#0).",
            end.FailureDetails!.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_now_does_more_than_its_history_fails()
    {
        App.Orchestrator("Changes", async context => await context.WaitForExternalEvent<int>("x"));
        App.Activity<int>("A", x => x);
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Changes", null, new StartOrchestrationOptions("one"), Token);

        App.Orchestrator("Changes", async context => await context.CallActivityAsync<int>("A", 1));
        await CrashAndStartAsync();

        Assert.Contains("there is nothing more, but the code now does activity 'A' (#0)", (await EndOf("one")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_something_that_is_not_the_contexts_fails_with_a_clear_message()
    {
        App.Orchestrator("Sleeps", async _ =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), Token);
            return null;
        });
        await StartAsync();

        var end = await RunAsync("Sleeps");

        Assert.Contains("'Sleeps' waits for something that its context did not give it", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waking_up_outside_the_context_fails_even_where_something_else_is_awaited()
    {
        App.Orchestrator("Sleeps", async context =>
        {
            var wait = context.WaitForExternalEvent<int>("never");
            await Task.WhenAny(wait, Task.Delay(20, Token));
            return null;
        });
        await StartAsync();

        Assert.Contains("did not give it", (await RunAsync("Sleeps")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_fails_its_orchestration_alone()
    {
        App.Orchestrator("Throws", _ => Task.FromResult<object?>(new Unwritable()))
            .Orchestrator("Fine", _ => Task.FromResult<object?>(1));
        await StartAsync();

        var end = await RunAsync("Throws");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("not this one", end.FailureDetails!.ErrorMessage);
        Assert.Equal(1, (await RunAsync("Fine")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Guids_and_times_are_the_same_on_every_replay()
    {
        App.Orchestrator("Draws", async context =>
        {
            var first = (context.NewGuid(), context.NewGuid(), context.CurrentUtcDateTime);
            await context.WaitForExternalEvent<int>("x");
            context.SetCustomStatus($"{first.Item1} {first.Item2} {first.CurrentUtcDateTime:O}");
            await context.WaitForExternalEvent<int>("x");
            return $"{first.Item1} {first.Item2} {first.CurrentUtcDateTime:O}";
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Draws", null, new StartOrchestrationOptions("one"), Token);
        await Client.RaiseEventAsync("one", "x", 1, Token);
        await CrashAndStartAsync();
        await Client.RaiseEventAsync("one", "x", 1, Token);

        var end = await EndOf("one");

        Assert.Equal(end.ReadCustomStatusAs<string>(), end.ReadOutputAs<string>());
        var drawn = end.ReadOutputAs<string>()!.Split(' ');
        Assert.NotEqual(drawn[0], drawn[1]);
    }

    [Fact]
    public async Task A_replay_safe_logger_writes_each_line_once()
    {
        using var lines = new Lines();
        App.Orchestrator("Logs", async context =>
        {
            var logger = context.CreateReplaySafeLogger("test");
            logger.Log(LogLevel.Warning, default, $"first {context.IsReplaying}", null, (line, _) => line);
            await context.WaitForExternalEvent<int>("x");
            logger.Log(LogLevel.Warning, default, $"second {context.IsReplaying}", null, (line, _) => line);
            return null;
        });
        await StartAsync(options => options with { LoggerFactory = lines });
        await Client.ScheduleNewOrchestrationInstanceAsync("Logs", null, new StartOrchestrationOptions("one"), Token);
        await CrashAndStartAsync(options => options with { LoggerFactory = lines });
        await Client.RaiseEventAsync("one", "x", 1, Token);
        await EndOf("one");

        Assert.Equal(["first False", "second False"], lines.Written);
    }

    private sealed class Unwritable
    {
        public int Value => throw new InvalidOperationException("not this one");
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) =>
            categoryName == "test" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Written)
                Written.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
