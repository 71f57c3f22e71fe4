using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

public class WorkWaitTests
{
    private const string Id = "run/srl/1/0/0/0/0/0/update";
    private static readonly DateTime Start = new(2026, 11, 23, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(1, 60)]
    [InlineData(24, 700)]
    public async Task A_pause_is_looked_at_every_five_minutes_however_long_it_is_and_a_result_ends_it_at_once(int hours, int mostTurns)
    {
        var context = Playing(items => new([], [.. items.Select(item => item with { SentAt = item.SentAt.AddMinutes(5) })], Claimed: false, null) { Paused = true });

        var waiting = context.Play(WaitAsync, Start.AddHours(hours));

        Assert.False(waiting.IsCompleted);
        Assert.InRange(context.Turns, 12 * 2 * hours, mostTurns);
        context.Raise(ResultMessage.EventNameOf(Id), Id);
        Assert.Null(await waiting);
    }

    [Fact]
    public void An_item_that_was_sent_again_is_looked_at_soon()
    {
        var looks = new List<DateTime>();
        PlayedContext? context = null;
        context = Playing(items =>
        {
            looks.Add(context!.CurrentUtcDateTime);
            return new([], looks.Count == 4 ? items : [], Claimed: false, null);
        });

        Assert.False(context.Play(WaitAsync, Start.AddSeconds(90)).IsCompleted);

        Assert.Equal([5, 15, 35, 75, 80, 90], looks.Select(look => (look - Start).TotalSeconds));
    }

    [Fact]
    public void An_hour_in_the_queue_is_some_dozen_looks()
    {
        var context = Playing(_ => new([], [], Claimed: false, null));

        Assert.False(context.Play(WaitAsync, Start.AddHours(1)).IsCompleted);

        Assert.InRange(context.Turns, 24, 60);
    }

    private static PlayedContext Playing(Func<IReadOnlyList<DispatchedWork>, InspectedWork> look) => new(Start)
    {
        Activity = (name, input) => name == nameof(InspectWork)
            ? look(((InspectWorkInput)input!).Items)
            : throw new InvalidOperationException($"Expected a look at the work, found {name}."),
    };

    private static Task<string?> WaitAsync(Microsoft.DurableTask.TaskOrchestrationContext context) =>
        WorkWait.AllAsync(context, new("run", "srl", 1, 0, 0), [Id], new LimitsPlan());
}
