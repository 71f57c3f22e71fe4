using LocalHost.Durable.History;

namespace LocalHost.Durable.Replay;

/// <summary>Brings a run to where its history ends, and compares what the code does with what it did.</summary>
internal static class Replayer
{
    /// <exception cref="NonDeterminismException">The code does something else.</exception>
    public static void Replay(OrchestrationRun run, string orchestrator, IReadOnlyList<HistoryEvent> history)
    {
        var done = new Queue<ActionEvent>();
        for (var position = 0; position < history.Count; position++)
        {
            switch (history[position])
            {
                case TurnStarted turn:
                    EnsureNothingMore(position, "the end of a turn");
                    run.BeginTurn(turn.At, replaying: true);
                    break;
                case StatusSet or EventDelivered:
                    break;
                case ActionEvent recorded:
                    var now = done.TryDequeue(out var next) ? next.Identity : null;
                    if (now != recorded.Identity)
                        throw new NonDeterminismException(orchestrator, position, recorded.Identity, Did(now));
                    break;
                case var input:
                    if (run.End is not null)
                        throw new NonDeterminismException(orchestrator, position, "more to come", Did(null));
                    run.Deliver(input);
                    foreach (var action in run.Actions.Take())
                        done.Enqueue(action);
                    break;
            }
        }

        EnsureNothingMore(history.Count, "nothing more");

        void EnsureNothingMore(int position, string recorded)
        {
            if (done.TryPeek(out var extra))
                throw new NonDeterminismException(orchestrator, position, recorded, Did(extra.Identity));
            if (run.End is not null)
                throw new NonDeterminismException(orchestrator, position, recorded, Did(null));
        }

        string Did(string? action) => action is not null ? $"does {action}" : run.End is null ? "does nothing" : "has ended";
    }
}
