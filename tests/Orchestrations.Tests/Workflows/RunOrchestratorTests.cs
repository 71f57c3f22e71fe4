using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.DurableTask;
using Orchestrations.Webhooks;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

public class RunOrchestratorTests
{
    /// <summary>An append blob, and so a history, takes 50,000.</summary>
    private const int MostTurns = 1000;

    private static readonly DateTime Start = new(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc);
    private static readonly StateRef Base = new("runs", "run/base", "00");

    [Fact]
    public async Task A_run_that_waits_for_weeks_continues_as_new_so_that_no_history_grows_without_end()
    {
        var (now, generations) = (Start, 0);
        while (true)
        {
            var turn = new Turn(now < Start.AddDays(20) ? 1 : 0, 1);
            var context = new PlayedContext(now) { Activity = (name, input) => name == nameof(TakeTurn) ? turn : Answer(name, input, parallelArms: 4), Child = (name, input) => Task.FromResult(ChildEnd(name, input)) };

            var summary = await context.Play(RunOrchestrator.Run, DateTime.MaxValue);

            Assert.InRange(context.Turns, 1, MostTurns);
            if (!context.ContinuesAsNew)
            {
                Assert.Equal("completed", summary!.State);
                break;
            }

            Assert.Null(summary);
            Assert.StartsWith("waiting for its turn: 1 run is before it", context.Status, StringComparison.Ordinal);
            (now, generations) = (context.CurrentUtcDateTime, generations + 1);
        }

        Assert.InRange(generations, 200, 400);
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
            Activity = (name, input) => name == nameof(TakeTurn) ? new Turn(0, 1) : Answer(name, input, parallelArms),
            Child = (name, input) =>
            {
                var source = new TaskCompletionSource<object?>();
                open.Add((name, source, ChildEnd(name, input)));
                most[name] = Math.Max(most.GetValueOrDefault(name), open.Count(other => other.Name == name));
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

        Assert.Equal("completed", (await running)!.State);
        Assert.Equal((parallelArms, parallelArms), (most[nameof(ArmOrchestrator)], most[nameof(EvaluateOrchestrator)]));
    }

    private static object? Answer(string name, object? input, int parallelArms) => name switch
    {
        nameof(PrepareRun) => new PreparedRun
        {
            Arms = [new() { Name = "base" }, new() { Name = "srl", Stages = [new() { Method = Method.Srl }] }],
            Seeds = [1, 2, 3, 4, 5],
            Budget = new() { Amount = 1000 },
            Limits = new() { ParallelArms = parallelArms },
            BaseStage = new("run", "importing", 0, 0, 0),
            Base = Base,
        },
        nameof(Conclude) => new RunSummary("run", "completed", "", []),
        nameof(AnnounceRun) => null,
        _ => throw new InvalidOperationException($"Expected no activity {name}."),
    };

    private static object? ChildEnd(string name, object? input) => input switch
    {
        AuditInput => new AuditedBase([], null),
        ArmInput arm => new ArmResult(arm.Arm.Name, arm.Seed,
        [
            new(new("run", arm.Arm.Name, arm.Seed, 0, 0), Method.Srl, new() { State = Base }, StageOutcome.Completed, "", null),
        ]),
        EvaluateArmInput arm => new ArmEvaluationResult(arm.Arm, arm.Seed, Base, null, [], null),
        _ => throw new InvalidOperationException($"Expected no sub-orchestration {name}."),
    };
}
