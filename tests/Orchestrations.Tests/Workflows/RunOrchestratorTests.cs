using Curriculum.Work;
using Microsoft.DurableTask;
using Orchestrations.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "fast")]
public class RunOrchestratorTests
{
    private static readonly DateTime Start = new(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc);
    private static readonly RunId Run = RunId.Parse("run");

    [Fact]
    public async Task A_run_that_is_told_of_its_turn_again_and_again_continues_as_new_so_that_no_history_grows_without_end()
    {
        var context = Playing(new QueuePlace(1, 1));
        var waiting = context.Play(RunOrchestrator.Run, DateTime.MaxValue);
        for (var told = 0; told < 200 && !waiting.IsCompleted; told++)
            context.Raise(QueueWait.Event, new QueuePlace(1, 1));

        Assert.Null(await waiting);
        Assert.True(context.ContinuesAsNew);
        Assert.Equal("waiting for its turn", context.Status);
        Assert.InRange(context.Turns, 50, 150);

        var next = Playing(new QueuePlace(1, 1));
        var goesOn = next.Play(RunOrchestrator.Run, DateTime.MaxValue);
        Assert.False(goesOn.IsCompleted);
        next.Raise(QueueWait.Event, new QueuePlace(0, 1));
        Assert.Equal(RunState.Completed, (await goesOn)!.State);
    }

    [Fact]
    public async Task A_run_that_is_canceled_while_it_waits_for_its_turn_is_canceled_and_does_nothing_else()
    {
        var context = Playing(new QueuePlace(1, 1), only: [nameof(QueueRun), nameof(AnnounceRun)]);
        var waiting = context.Play(RunOrchestrator.Run, DateTime.MaxValue);
        context.Raise(QueueWait.Event, new QueuePlace(0, 1) { IsCanceled = true });

        Assert.Equal((RunState.Canceled, "Canceled before it began."), ((await waiting)!.State, (await waiting)!.Headline));
        Assert.Empty((await waiting)!.Failures);
    }

    [Fact]
    public async Task A_run_whose_work_fails_says_why_in_its_own_words_and_in_no_type_name()
    {
        var inner = new TaskFailureDetails("System.IO.InvalidDataException", "There is no base to begin with.", null, null, null);
        var context = new PlayedContext(Start)
        {
            Activity = (name, input) => name switch
            {
                nameof(QueueRun) => new QueuePlace(0, 1),
                nameof(PrepareRun) => throw new TaskFailedException(name, 0, new TaskFailureDetails("Microsoft.DurableTask.TaskFailedException", "Task failed.", null, inner, null)),
                _ => Answer(name, input, 4),
            },
        };

        var summary = await context.Play(RunOrchestrator.Run, DateTime.MaxValue);

        Assert.Equal((RunState.Failed, "Failed. There is no base to begin with."), (summary!.State, summary.Headline));
        Assert.Equal([new(FailureKind.Run, "There is no base to begin with.")], summary.Failures);
    }

    [Fact]
    public async Task A_run_that_is_canceled_while_its_base_is_made_is_canceled_and_has_not_failed()
    {
        var context = new PlayedContext(Start)
        {
            Activity = (name, input) => name switch
            {
                nameof(QueueRun) => new QueuePlace(0, 1),
                nameof(IsCanceled) => true,
                _ => Answer(name, input, 4),
            },
            Child = (name, _) => throw new TaskFailedException(name, 0, new TaskFailureDetails("x", "There is no base to begin with (canceled).", null, null, null)),
        };

        var summary = await context.Play(RunOrchestrator.Run, DateTime.MaxValue);

        Assert.Equal(RunState.Canceled, summary!.State);
        Assert.Empty(summary.Failures);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Arms_are_trained_and_evaluated_as_many_at_a_time_as_the_plan_says(int parallelArms)
    {
        var open = new List<(string Name, TaskCompletionSource<object?> Source, object? End)>();
        var most = new Dictionary<string, int>(StringComparer.Ordinal);
        var context = new PlayedContext(Start)
        {
            Activity = (name, input) => name == nameof(QueueRun) ? new QueuePlace(0, 1) : Answer(name, input, parallelArms),
            Child = (name, input) =>
            {
                var source = new TaskCompletionSource<object?>();
                var kind = input is WorkCursor { Owner.Scope.IsArm: true } ? "evaluation" : name;
                open.Add((kind, source, null));
                most[kind] = Math.Max(most.GetValueOrDefault(kind), open.Count(other => other.Name == kind));
                return source.Task;
            },
        };

        var running = context.Play(RunOrchestrator.Run, DateTime.MaxValue);
        while (open.Count > 0)
        {
            var (_, source, end) = open[0];
            open.RemoveAt(0);
            context.Complete(source, end);
        }

        Assert.Equal(RunState.Completed, (await running)!.State);
        Assert.Equal((parallelArms, parallelArms), (most[nameof(ArmOrchestrator)], most["evaluation"]));
    }

    private static PlayedContext Playing(QueuePlace turn, string[]? only = null) => new(Start)
    {
        Activity = (name, input) => only is not null && !only.Contains(name) ? throw new InvalidOperationException($"Expected no activity {name}.")
            : name == nameof(QueueRun) ? turn
            : Answer(name, input, parallelArms: 4),
        Child = (_, _) => Task.FromResult<object?>(null),
    };

    private static object? Answer(string name, object? input, int parallelArms) => name switch
    {
        nameof(PrepareRun) => new PreparedRun
        {
            IsImported = true,
            NeedsVotes = false,
            ParallelArms = parallelArms,
            Trained = [.. Enumerable.Range(1, 5).Select(seed => new ArmKey(Run, "srl", seed))],
            Evaluated = [.. Enumerable.Range(1, 5).Select(seed => WorkOwner.Evaluation(new(Run, "srl", seed), 1))],
        },
        nameof(Conclude) => new RunSummary("run", RunState.Completed, "", []),
        nameof(IsCanceled) => false,
        nameof(AnnounceRun) => null,
        _ => throw new InvalidOperationException($"Expected no activity {name}."),
    };
}
