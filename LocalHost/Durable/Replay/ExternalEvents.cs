using LocalHost.Durable.History;

namespace LocalHost.Durable.Replay;

/// <summary>External events that came before they were waited for, and waits that came before their event; each in order per name.</summary>
internal sealed class ExternalEvents
{
    private readonly List<EventRaised> _early = [];
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<Payload?>>> _waits =
        new(StringComparer.OrdinalIgnoreCase);

    public bool IsAwaited => _waits.Values.Any(waits => waits.Count > 0);

    public IReadOnlyList<EventRaised> Unprocessed => _early;

    public void Raise(EventRaised raised)
    {
        if (_waits.TryGetValue(raised.Name, out var waits) && waits.First is { } first)
        {
            waits.RemoveFirst();
            first.Value.SetResult(raised.Data);
        }
        else
        {
            _early.Add(raised);
        }
    }

    public async Task<Payload?> WaitAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var early = _early.FindIndex(raised => raised.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (early >= 0)
        {
            var data = _early[early].Data;
            _early.RemoveAt(early);
            return data;
        }

        if (!_waits.TryGetValue(name, out var waits))
            _waits[name] = waits = [];
        var wait = waits.AddLast(new TaskCompletionSource<Payload?>());
        using var registration = cancellationToken.Register(() =>
        {
            if (wait.List is null)
                return;
            waits.Remove(wait);
            wait.Value.SetCanceled(cancellationToken);
        });
        return await wait.Value.Task;
    }
}
