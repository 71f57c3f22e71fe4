using LocalHost.Durable.History;
using Microsoft.DurableTask;

namespace LocalHost.Durable.Replay;

/// <summary>What an orchestrator's code has done: numbered in its order, open until the result comes.</summary>
internal sealed class OrchestrationActions
{
    private readonly Dictionary<int, OpenAction> _open = [];
    private List<ActionEvent> _taken = [];
    private int _nextId;

    public bool AnyOpen => _open.Count > 0;

    /// <summary>The actions whose result is still to come, in order.</summary>
    public IEnumerable<ActionEvent> Open => _open.Values.Select(open => open.Action).OrderBy(action => action.Id);

    public bool IsOpen(int id) => _open.ContainsKey(id);

    /// <summary>Takes an action whose result will come.</summary>
    public Task<Payload?> Act(Func<int, ActionEvent> create, CancellationToken cancellationToken)
    {
        var open = new OpenAction(Note(create), new());
        _open.Add(open.Action.Id, open);
        if (cancellationToken.CanBeCanceled)
        {
            open.Cancellation = cancellationToken.Register(() =>
            {
                if (_open.Remove(open.Action.Id))
                    open.Result.SetCanceled(cancellationToken);
            });
        }

        return open.Result.Task;
    }

    /// <summary>Takes an action that nothing waits for.</summary>
    public ActionEvent Note(Func<int, ActionEvent> create)
    {
        var action = create(_nextId++);
        _taken.Add(action);
        return action;
    }

    /// <summary>The actions since this was last asked.</summary>
    public List<ActionEvent> Take()
    {
        var taken = _taken;
        _taken = [];
        return taken;
    }

    public void Complete(int id, Payload? data) => Close(id)?.Result.SetResult(data);

    public void Fail(int id, TaskFailureDetails failure)
    {
        if (Close(id) is { } open)
            open.Result.SetException(new TaskFailedException(NameOf(open.Action), id, failure));
    }

    private OpenAction? Close(int id)
    {
        if (!_open.Remove(id, out var open))
            return null;
        open.Cancellation.Dispose();
        return open;
    }

    private static string NameOf(ActionEvent action) => action switch
    {
        ActivityScheduled activity => activity.Name,
        ChildCreated child => child.Name,
        _ => action.Identity,
    };

    private sealed record OpenAction(ActionEvent Action, TaskCompletionSource<Payload?> Result)
    {
        public CancellationTokenRegistration Cancellation { get; set; }
    }
}
