using Curriculum.Work;

namespace GpuWorker.Tests.Execution;

internal static class UpdateItems
{
    /// <summary>The update on these batches, each with the rate factor that stands in its place.</summary>
    public static UpdateItem On(this UpdateItem item, IReadOnlyList<UpdateBatch> batches) =>
        item with { Steps = [.. batches.Select((batch, i) => new UpdateStep(batch, item.Steps[i].RateFactor))] };
}
