using System.Threading.Channels;
using LocalHost.Durable.History;
using Microsoft.DurableTask;

namespace LocalHost.Durable.Scheduling;

/// <summary>Runs activities in the order they were scheduled, a bounded number at once.</summary>
internal sealed class ActivityPool : IAsyncDisposable
{
    private readonly Channel<(ActivityCall Call, Action<HistoryEvent> Report)> _calls =
        Channel.CreateUnbounded<(ActivityCall, Action<HistoryEvent>)>();

    private readonly IDurableFunctions _functions;
    private readonly DataConverter _converter;
    private readonly CancellationToken _stopped;
    private readonly Task[] _workers;

    public ActivityPool(IDurableFunctions functions, DataConverter converter, int concurrency, CancellationToken stopped)
    {
        (_functions, _converter, _stopped) = (functions, converter, stopped);
        _workers = [.. Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync, CancellationToken.None))];
    }

    /// <summary>Has the activity run; how it ended is reported, but for one that the host's stop has cut off.</summary>
    public void Add(ActivityCall call, Action<HistoryEvent> report) => _calls.Writer.TryWrite((call, report));

    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var (call, report) in _calls.Reader.ReadAllAsync(_stopped))
            {
                var result = await RunAsync(call);
                if (_stopped.IsCancellationRequested)
                    return;
                report(result);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped: what is still waiting runs again on the next host.
        }
    }

#pragma warning disable CA1031 // Whatever an activity throws is its result.
    private async Task<HistoryEvent> RunAsync(ActivityCall call)
    {
        try
        {
            var activity = _functions.FindActivity(call.Name)
                ?? throw new InvalidOperationException($"The app has no activity function '{call.Name}'.");
            var result = await activity(call, _stopped);
            return new ActivityCompleted(call.TaskId) { Data = Payload.Of(_converter.Serialize(result)) };
        }
        catch (Exception exception)
        {
            return new ActivityFailed(call.TaskId, FailureBounds.Of(exception));
        }
    }
#pragma warning restore CA1031
}
