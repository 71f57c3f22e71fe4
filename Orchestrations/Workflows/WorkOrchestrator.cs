using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>Work in steps, whatever it is done for: a stage, the base, votes, the audit or an evaluation. Each step plans, the next reads what came of it.</summary>
/// <remarks>
/// It carries a cursor and waits for events alone; it continues as new after 20 steps, with nothing open. The report of the last result has the next step
/// taken already (<see cref="WorkCompleted"/>) and its event says what came of it; where it does not, the step is taken here.
/// </remarks>
public static class WorkOrchestrator
{
    private const int StepsPerGeneration = 20;

    [Function(nameof(WorkOrchestrator))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var cursor = context.GetInput<WorkCursor>()!;
        for (var n = 0; n < StepsPerGeneration; n++)
        {
            var advanced = cursor.Taken ?? await context.CallActivityAsync<Advanced>(nameof(Advance), cursor, Retries.Storage);
            if (advanced.HasEnded)
                return;
            var told = await Task.WhenAll([.. advanced.Events.Select(name => context.WaitForExternalEvent<Advanced?>(name))]);
            cursor = cursor with { Step = advanced.Step, Taken = told.FirstOrDefault(step => step?.From == advanced.Step) };
        }

        context.ContinueAsNew(cursor);
    }

    /// <summary>Runs the work of an owner to its end.</summary>
    public static Task CallAsync(TaskOrchestrationContext context, WorkOwner owner) => context.CallSubOrchestratorAsync(
        nameof(WorkOrchestrator), new WorkCursor(owner, 0), new SubOrchestrationOptions(instanceId: owner.Instance));
}

/// <summary>Where work stands: what it is done for, and the step that comes next.</summary>
/// <param name="Taken">What came of that step, where the last report had it taken.</param>
public sealed record WorkCursor(WorkOwner Owner, int Step, Advanced? Taken = null);

/// <summary>What came of a step.</summary>
/// <param name="From">The step.</param>
/// <param name="Step">The next.</param>
/// <param name="Events">What is waited for before it; nothing where it may be taken at once.</param>
/// <param name="HasEnded">Whether no step follows.</param>
public sealed record Advanced(int From, int Step, IReadOnlyList<string> Events, bool HasEnded = false)
{
    /// <summary>Name of the event that a paused run's orchestrations wait for.</summary>
    public const string Resumed = "resumed";

    public static Advanced Ended(int from) => new(from, from, [], HasEnded: true);

    public static Advanced To(int from, int step, IEnumerable<WorkItemId> waiting) => new(from, step, [.. waiting.Select(id => id.EventName)]);
}
