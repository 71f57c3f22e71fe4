using System.Threading.Channels;

namespace GpuWorker.Worker;

/// <summary>A moment at which a computation had moved.</summary>
/// <param name="Share">Share done, 0 to 1.</param>
/// <param name="At">When.</param>
internal readonly record struct ProgressMark(double Share, DateTimeOffset At);

/// <summary>Carries progress from the compute thread; only the latest mark is kept.</summary>
internal sealed class ProgressMarks(TimeProvider time) : IProgress<double>
{
    private readonly Channel<ProgressMark> _marks = Channel.CreateBounded<ProgressMark>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<ProgressMark> Reader => _marks.Reader;

    public void Report(double value) => _marks.Writer.TryWrite(new(value, time.GetUtcNow()));

    /// <summary>Ends the marks: nothing is being computed any more.</summary>
    public void Complete() => _marks.Writer.TryComplete();
}
