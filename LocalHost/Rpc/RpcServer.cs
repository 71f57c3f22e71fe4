using Grpc.Core;
using LocalHost.Rpc.Messages;

namespace LocalHost.Rpc;

/// <summary>The service that worker processes call: one stream each, which begins with the process's id.</summary>
internal sealed class RpcServer(WorkerStreams streams, ILoggerFactory logs) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.StartStream is not { } start)
            return;
        var link = new WorkerLink(requestStream, responseStream, logs);
        if (streams.TryOpen(start.WorkerId, link))
            await link.CarryAsync(context.CancellationToken);
    }
}

/// <summary>The streams that this host expects: of processes that it started itself, and of no other.</summary>
internal sealed class WorkerStreams
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource<WorkerLink>> _expected = new(StringComparer.Ordinal);

    public Task<WorkerLink> Expect(string worker) =>
        (_expected[worker] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public bool TryOpen(string worker, WorkerLink link) => _expected.TryRemove(worker, out var expected) && expected.TrySetResult(link);
}
