using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace GpuWorker.Tests.Worker;

/// <summary>Sees every storage request of a worker before it is sent; may hold it for ever, which to the storage is a crash, or fail it.</summary>
internal sealed class RequestFilter : HttpPipelinePolicy
{
    private readonly List<string> _seen = [];
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Requests for which this holds are not sent before they are let go.</summary>
    public Func<Request, bool> Holds { get; set; } = _ => false;

    /// <summary>Requests for which this holds fail as if the service did.</summary>
    public Func<Request, bool> Fails { get; set; } = _ => false;

    /// <summary>Requests for which this holds find nobody there, which clients try again.</summary>
    public Func<Request, bool> Unreachable { get; set; } = _ => false;

    /// <summary>Completes when a request is held.</summary>
    public Task Held => _held.Task;

    /// <summary>Sends what was held.</summary>
    public void LetGo() => _letGo.TrySetResult();

    /// <summary>Method and path of every request so far.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The worker talks to the storage asynchronously.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        lock (_seen)
            _seen.Add($"{message.Request.Method} {message.Request.Uri.Path}");
        if (Holds(message.Request))
        {
            _held.TrySetResult();
            await _letGo.Task.WaitAsync(message.CancellationToken);
        }

        if (Fails(message.Request))
            throw new RequestFailedException(503, "The test fails this request.");
        if (Unreachable(message.Request))
            throw new RequestFailedException(0, "The test refuses this connection.");
        await ProcessNextAsync(message, pipeline);
    }
}
