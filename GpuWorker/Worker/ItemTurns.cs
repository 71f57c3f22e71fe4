using Curriculum.Work;

namespace GpuWorker.Worker;

/// <summary>Who computes: one item at a time, while the next is made ready and the results of those before it are stored.</summary>
/// <remarks>
/// The next item is received only once the one that computes is expected to end soon, judged by the last of its kind: a message that waits here is one that
/// an idle worker does not get. An item that was delivered before may be what ended its worker: it computes with no other at hand, which would go down with it
/// and be counted as delivered in vain.
/// </remarks>
internal sealed class ItemTurns(WorkerOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Items that are made ready, computed or stored.</summary>
    private const int MostItems = 3;

    /// <summary>The next item is received so long before its turn is expected.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _items = new(MostItems);
    private readonly SemaphoreSlim _ready = new(1);
    private readonly SemaphoreSlim _computing = new(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<WorkKind, TimeSpan> _took = [];
    private (WorkKind Kind, long Since)? _current;

    /// <summary>Longest time that an item waits for its turn before it goes back to the queue, for a worker that is idle.</summary>
    private TimeSpan LongestWait => TimeSpan.FromSeconds(Math.Min(5, options.VisibilitySeconds / 3.0));

    /// <summary>Waits until another item may be received.</summary>
    public async Task<ItemTurn> NextAsync(CancellationToken cancellationToken)
    {
        await _ready.WaitAsync(cancellationToken);
        try
        {
            await _items.WaitAsync(cancellationToken);
        }
        catch
        {
            _ready.Release();
            throw;
        }

        var turn = new ItemTurn(this);
        try
        {
            while (!EndsSoon())
                await Task.Delay(Look, time, cancellationToken);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _items.Dispose();
        _ready.Dispose();
        _computing.Dispose();
    }

    private bool EndsSoon()
    {
        lock (_lock)
            return _current is not { } current || (_took.TryGetValue(current.Kind, out var took) && took - time.GetElapsedTime(current.Since) <= Ahead);
    }

    private async Task<bool> TryEnterAsync(WorkKind kind, bool alone, CancellationToken cancellationToken)
    {
        if (!await _computing.WaitAsync(alone ? Timeout.InfiniteTimeSpan : LongestWait, cancellationToken))
            return false;
        // Until the results of all others are stored; none is received meanwhile. Canceled only where the worker stops, when nobody waits for a turn any more.
        for (var others = 1; alone && others < MostItems; others++)
            await _items.WaitAsync(cancellationToken);
        lock (_lock)
            _current = (kind, time.GetTimestamp());
        _ready.Release();
        return true;
    }

    private void Leave()
    {
        lock (_lock)
        {
            var (kind, since) = _current!.Value;
            (_took[kind], _current) = (time.GetElapsedTime(since), null);
        }

        _computing.Release();
    }

    /// <summary>One item's way: made ready, computed, stored.</summary>
    internal sealed class ItemTurn(ItemTurns turns) : IDisposable
    {
        private Place _place = Place.Ready;
        private int _held = 1;

        /// <summary>Whether the item was delivered before.</summary>
        public bool IsRepeated { get; set; }

        private enum Place
        {
            Ready,
            Computing,
            Storing,
            Gone,
        }

        /// <summary>Waits for the turn to compute; false where it took too long.</summary>
        public async Task<bool> TryEnterAsync(WorkKind kind, CancellationToken cancellationToken)
        {
            if (!await turns.TryEnterAsync(kind, IsRepeated, cancellationToken))
                return false;
            (_place, _held) = (Place.Computing, IsRepeated ? MostItems : 1);
            return true;
        }

        /// <summary>Lets the next item compute; on any thread, and once however often it is called.</summary>
        public void Leave()
        {
            lock (turns._lock)
            {
                if (_place != Place.Computing)
                    return;
                _place = Place.Storing;
            }

            turns.Leave();
        }

        public void Dispose()
        {
            Leave();
            if (_place == Place.Ready)
                turns._ready.Release();
            if (_place != Place.Gone)
                turns._items.Release(_held);
            _place = Place.Gone;
        }
    }
}
