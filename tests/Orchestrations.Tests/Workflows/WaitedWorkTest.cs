using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

/// <summary>A test of what is seen of items that a stage waits for.</summary>
public abstract class WaitedWorkTest(StorageFixture azurite) : ActivityTest(azurite)
{
    /// <summary>Sends one item of each kind.</summary>
    private protected async Task<IReadOnlyList<DispatchedWork>> DispatchAsync(params IEnumerable<WorkKind> kinds)
    {
        WorkItem[] items = [.. kinds.Select((kind, chunk) => new EvaluateItem
        {
            Id = new WorkItemId(Run, "srl", 1, 0, 0, 0, 0, chunk, kind).ToString(),
            Policy = new("runs", "folder", "hash"),
            Problems = [],
            Samples = 0,
            MaxNewTokens = 8,
            DrawKey = "draws",
        })];
        var waiting = await Service<WorkDispatch>().SendAsync(items, "instance", Token);
        return [.. waiting.Select(id => new DispatchedWork(id, Clock.GetUtcNow(), 0))];
    }

    private protected Task<InspectedWork> LookAsync(IReadOnlyList<DispatchedWork> items) =>
        Function<InspectWork>().Run(new(Stage, "instance", items), Token);
}
