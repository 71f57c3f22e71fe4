using System.Runtime;
using GpuWorker.Execution;

namespace GpuWorker.Tests.Execution;

[Collection("alone")]
[Trait("Speed", "fast")]
public class NoGcRegionTests
{
    [Fact]
    public void After_a_mark_the_collector_stays_away_until_the_region_is_used_up()
    {
        NoGcRegion.Renew();
        var collections = GC.CollectionCount(0);
        Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);

        // 32 MB of garbage would have collected the youngest generation several times over.
        for (var i = 0; i < 32; i++)
            GC.KeepAlive(new byte[1 << 20]);
        Assert.Equal(collections, GC.CollectionCount(0));
    }

    [Fact]
    public void A_region_that_was_used_up_is_begun_anew_at_the_next_mark()
    {
        NoGcRegion.Renew();
        for (var i = 0; i < 512; i++)
            GC.KeepAlive(new byte[1 << 20]);
        NoGcRegion.Renew();
        Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }
}

/// <summary>Tests that need the process for themselves: others allocate, and would use the region up.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public class Alone;
