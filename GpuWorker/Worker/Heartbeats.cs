using System.Threading.Channels;

namespace GpuWorker.Worker;

/// <summary>A sign of progress from a computation.</summary>
/// <param name="Share">Share done, 0 to 1.</param>
/// <param name="At">When.</param>
internal readonly record struct Heartbeat(double Share, DateTimeOffset At);

/// <summary>Carries progress from the compute thread; only the latest heartbeat is kept.</summary>
internal sealed class Heartbeats(TimeProvider time) : IProgress<double>
{
    private readonly Channel<Heartbeat> _heartbeats = Channel.CreateBounded<Heartbeat>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<Heartbeat> Reader => _heartbeats.Reader;

    public void Report(double value) => _heartbeats.Writer.TryWrite(new(value, time.GetUtcNow()));

    /// <summary>Ends the heartbeats: nothing is being computed any more.</summary>
    public void Complete() => _heartbeats.Writer.TryComplete();
}
