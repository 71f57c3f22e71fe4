using Curriculum.Work;
using GpuWorker.Worker;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "fast")]
public sealed class WorkerUseTests
{
    private static readonly WorkItemId Item = WorkItemId.Parse("run/srl/1/0/0/7/0/1/rollout");

    [Fact]
    public void A_worker_loses_what_lies_between_two_items_and_nothing_while_the_queue_is_empty()
    {
        Stopwatch clock = new();
        WorkerUse use = new(clock);
        Assert.Equal(1, use.Share);
        void Pass(double seconds) => clock.Seconds += seconds;
        void Compute(double seconds)
        {
            use.Begin(null);
            Pass(seconds);
            use.End(Item);
        }

        // Before the first item and the first look at the queue nothing is known to be lost.
        Pass(10);
        Compute(4);
        Assert.Equal(1, use.Share);

        // Straight after another: what lies between is lost.
        Pass(0.5);
        Compute(4);
        Assert.Equal((8, 0.5), (use.Computed.TotalSeconds, use.Lost.TotalSeconds));

        // Over an empty queue: from the last look that found none.
        Pass(60);
        use.SawNoWork();
        Pass(0.25);
        Compute(0.25);
        Assert.Equal((8.25, 0.75), (use.Computed.TotalSeconds, use.Lost.TotalSeconds));
        Assert.Equal(8.25 / 9, use.Share, 1e-9);

        // Sent only after the one before had ended: from then.
        Pass(30);
        var sent = clock.GetUtcNow();
        Pass(0.5);
        use.Begin(sent);
        use.End(Item);
        Assert.Equal((8.25, 1.25), (use.Computed.TotalSeconds, use.Lost.TotalSeconds));

        // By a clock that is ahead nothing is lost; by one that is behind no more than there was.
        use.Begin(clock.GetUtcNow().AddSeconds(3));
        use.End(Item);
        Pass(0.25);
        use.Begin(clock.GetUtcNow().AddSeconds(-3));
        use.End(Item);
        Assert.Equal((8.25, 1.5), (use.Computed.TotalSeconds, use.Lost.TotalSeconds));

        // A look during a computation changes nothing.
        use.Begin(null);
        use.SawNoWork();
        Pass(1);
        use.End(Item);
        Assert.Equal((9.25, 1.5), (use.Computed.TotalSeconds, use.Lost.TotalSeconds));
    }

    private sealed class Stopwatch : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Seconds);

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
