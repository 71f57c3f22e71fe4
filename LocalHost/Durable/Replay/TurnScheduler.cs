namespace LocalHost.Durable.Replay;

/// <summary>Runs an orchestrator's code on the thread of the turn, in order, and tells when it wakes up anywhere else.</summary>
internal sealed class TurnScheduler(Action wokenOutside) : TaskScheduler
{
    private readonly Queue<Task> _ready = new();
    private int _thread;

    public override int MaximumConcurrencyLevel => 1;

    public bool InTurn => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>Runs the work and everything that it makes ready.</summary>
    public void Run(Action work)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        try
        {
            var first = new Task(work);
            first.RunSynchronously(this);
            while (_ready.TryDequeue(out var task))
                TryExecuteTask(task);
            first.GetAwaiter().GetResult();
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (InTurn)
            _ready.Enqueue(task);
        else
            wokenOutside();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        InTurn && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
