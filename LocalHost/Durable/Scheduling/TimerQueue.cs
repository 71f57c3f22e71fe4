namespace LocalHost.Durable.Scheduling;

/// <summary>Calls back at given times, never early; what is due lives in memory, what is durable in the histories.</summary>
internal sealed class TimerQueue : IDisposable
{
    // The longest that one wait of the clock may be.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly PriorityQueue<Entry, DateTimeOffset> _entries = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _disposed;

    public TimerQueue(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls back once the time has come, unless the returned registration is disposed before.</summary>
    public IDisposable Add(DateTimeOffset at, Action callback)
    {
        var entry = new Entry(callback);
        lock (_lock)
        {
            _entries.Enqueue(entry, at);
            Arm();
        }

        return entry;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _entries.Clear();
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        var due = new List<Entry>();
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            while (_entries.TryPeek(out var entry, out var at) && (at <= now || entry.IsCancelled))
            {
                _entries.Dequeue();
                due.Add(entry);
            }

            Arm();
        }

        foreach (var entry in due)
            entry.Call();
    }

    private void Arm()
    {
        if (_disposed || !_entries.TryPeek(out _, out var at))
            return;
        var wait = at - _time.GetUtcNow();
        // Rounded up to the clock's millisecond, so that the wait does not end just before its time.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    private sealed class Entry(Action callback) : IDisposable
    {
        private Action? _callback = callback;

        public bool IsCancelled => Volatile.Read(ref _callback) is null;

        public void Call() => Interlocked.Exchange(ref _callback, null)?.Invoke();

        public void Dispose() => Interlocked.Exchange(ref _callback, null);
    }
}
