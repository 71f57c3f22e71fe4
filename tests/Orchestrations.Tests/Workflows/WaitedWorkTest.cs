using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Watching;

namespace Orchestrations.Tests.Workflows;

/// <summary>A test of what is seen of items that a stage waits for.</summary>
public abstract class WaitedWorkTest(StorageFixture azurite) : ActivityTest(azurite)
{
    /// <summary>The orchestration that waits.</summary>
    private protected string Instance => Owner.Instance;

    private protected WorkOwner Owner => WorkOwner.Of(Stage);

    /// <summary>Sends one item of each kind.</summary>
    private protected async Task<IReadOnlyList<OpenItem>> DispatchAsync(params IEnumerable<WorkKind> kinds)
    {
        WorkItem[] items = [.. kinds.Select((kind, chunk) => new EvaluateItem
        {
            Id = WorkItemId.Of(Stage, kind, 0, chunk: chunk),
            Policy = new("runs", "folder", "hash"),
            Problems = [],
            Samples = 0,
            MaxNewTokens = 8,
            DrawKey = "draws",
        })];
        await Service<WorkDispatch>().SendAsync(items, Owner, 1, areNew: false, Token);
        return (await WaitAsync()).Items;
    }

    /// <summary>The wait that stands.</summary>
    private protected async Task<OpenWait> WaitAsync() => Assert.Single(await WaitsAsync());

    private protected Task<SeenItems> LookAsync(IReadOnlyList<OpenItem> items) =>
        Service<ItemLook>().AtAsync(new() { Instance = Instance, Owner = Owner, Kind = WaitKind.Results, Items = items }, Token);
}
