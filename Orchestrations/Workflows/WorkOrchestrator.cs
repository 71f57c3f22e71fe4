using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>Work in steps, whatever it is done for: a stage, the base, votes, the audit or an evaluation. Each step plans, the next reads what came of it.</summary>
/// <remarks>
/// It begins the work and waits for its end, of which it is told. The steps between are taken by the reports of their last results
/// (<see cref="WorkCompleted"/>), without an event; where one cannot be taken, or nobody reported, it is told that the step is due and takes it here.
/// It carries a cursor and nothing else, waits for events alone, and continues as new after 20 steps, with nothing open.
/// </remarks>
public static class WorkOrchestrator
{
    /// <summary>Name of the event that says what is due.</summary>
    public const string Event = "due";

    private const int StepsPerGeneration = 20;

    [Function(nameof(WorkOrchestrator))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var cursor = context.GetInput<WorkCursor>()!;
        for (var n = 0; n < StepsPerGeneration; n++)
        {
            var advanced = await context.CallActivityAsync<Advanced>(nameof(Advance), cursor, Retries.Storage);
            if (advanced.HasEnded)
                return;
            cursor = cursor with { Step = advanced.Step };
            if (!advanced.IsWaiting)
                continue;
            var due = await context.WaitForExternalEvent<Due>(Event);
            // What was said of a step that was taken meanwhile is old.
            while (!due.HasEnded && due.Step < cursor.Step)
                due = await context.WaitForExternalEvent<Due>(Event);
            if (due.HasEnded)
                return;
            cursor = cursor with { Step = due.Step };
        }

        context.ContinueAsNew(cursor);
    }

    /// <summary>Runs the work of an owner to its end.</summary>
    public static Task CallAsync(TaskOrchestrationContext context, WorkOwner owner) => context.CallSubOrchestratorAsync(
        nameof(WorkOrchestrator), new WorkCursor(owner, 0), new SubOrchestrationOptions(instanceId: owner.Instance));
}

/// <summary>Where work stands: what it is done for, and the step that comes next.</summary>
public sealed record WorkCursor(WorkOwner Owner, int Step);

/// <summary>What came of a step.</summary>
/// <param name="Step">The next.</param>
/// <param name="IsWaiting">Whether something is waited for before it; otherwise it may be taken at once.</param>
/// <param name="HasEnded">Whether no step follows.</param>
public sealed record Advanced(int Step, bool IsWaiting, bool HasEnded = false)
{
    public static Advanced Ended(int step) => new(step, IsWaiting: false, HasEnded: true);

    public static Advanced To(int step, IReadOnlyCollection<WorkItemId> waiting) => new(step, waiting.Count > 0);
}

/// <summary>What an orchestration is told: that a step is due, or that the work has ended.</summary>
public sealed record Due(int Step, bool HasEnded = false);
