using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using LocalHost.Rpc.Messages;

namespace LocalHost.Rpc;

/// <summary>The open stream between this host and one worker process.</summary>
internal sealed class WorkerLink(IAsyncStreamReader<StreamingMessage> from, IServerStreamWriter<StreamingMessage> to, ILoggerFactory logs)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private volatile bool _closed;

    /// <summary>Where the process listens for the requests that are forwarded to it; null where it takes none.</summary>
    public Uri? HttpAddress { get; private set; }

    public IReadOnlyList<WorkerFunction> Functions { get; private set; } = [];

    /// <summary>Carries messages both ways until the stream ends or the link is closed.</summary>
    public async Task CarryAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAllAsync(ended.Token);
        try
        {
            while (await from.MoveNext(ended.Token))
                Take(from.Current);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or Grpc.Core.RpcException)
        {
            // The process ended, or is being stopped.
        }
        finally
        {
            await ended.CancelAsync();
            await sending;
            Close();
        }
    }

    /// <summary>Asks the process what it has, and has it load every function.</summary>
    public async Task InitializeAsync(string appFolder, CancellationToken cancellationToken)
    {
        var init = new WorkerInitRequest { HostVersion = "4.0.0", WorkerDirectory = appFolder, FunctionAppDirectory = appFolder };
        var initialized = (await AskAsync(new() { WorkerInitRequest = init }, cancellationToken)).WorkerInitResponse;
        Demand(initialized.Result, "The worker process did not start");
        HttpAddress = initialized.Capabilities.TryGetValue("HttpUri", out var uri) ? new Uri(uri) : null;

        var listed = (await AskAsync(new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = appFolder } }, cancellationToken)).FunctionMetadataResponse;
        Demand(listed.Result, "The worker process did not list its functions");
        if (listed.UseDefaultMetadataIndexing)
            throw new HostException("Expected the app's process to list its functions, as the .NET isolated worker does from version 1.10; it leaves that to the host.");
        Functions = [.. listed.FunctionMetadataResults.Select(WorkerFunction.Of)];
        foreach (var function in Functions)
        {
            var loaded = (await AskAsync(new() { FunctionLoadRequest = new() { FunctionId = function.Id, Metadata = function.Metadata } }, cancellationToken)).FunctionLoadResponse;
            Demand(loaded.Result, $"The worker process did not load the function {function.Name}");
        }
    }

    /// <summary>Has the process run a function once.</summary>
    /// <exception cref="WorkerProcessExitException">The process ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _invocations[request.InvocationId] = answer;
        try
        {
            if (_closed)
                throw new WorkerProcessExitException();
            Send(new() { InvocationRequest = request });
            await using var cancel = cancellationToken.Register(() => Send(new() { InvocationCancel = new() { InvocationId = request.InvocationId } }));
            return await answer.Task;
        }
        finally
        {
            _invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Asks the process to end by itself.</summary>
    public void Terminate(TimeSpan grace) => Send(new()
    {
        WorkerTerminate = new() { GracePeriod = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(grace) },
    });

    /// <summary>Fails what is still waited for: nobody answers any more.</summary>
    public void Close()
    {
        _closed = true;
        foreach (var waiting in _invocations.Values)
            waiting.TrySetException(new WorkerProcessExitException());
        foreach (var waiting in _answers.Values)
            waiting.TrySetException(new WorkerProcessExitException());
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_invocations.TryGetValue(message.InvocationResponse.InvocationId, out var invocation))
                    invocation.TrySetResult(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                Log(message.RpcLog);
                break;
            default:
                if (_answers.TryGetValue(message.RequestId, out var answer))
                    answer.TrySetResult(message);
                break;
        }
    }

    private void Log(RpcLog entry)
    {
        var logger = _loggers.GetOrAdd(entry.Category.Length > 0 ? entry.Category : "Worker", static (category, logs) => logs.CreateLogger(category), logs);
        if (entry.Exception is { } fault)
            WorkerLog.Fault(logger, (LogLevel)entry.Level, entry.Message, fault.Message);
        else
            WorkerLog.Line(logger, (LogLevel)entry.Level, entry.Message);
    }

    private async Task<StreamingMessage> AskAsync(StreamingMessage question, CancellationToken cancellationToken)
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[question.RequestId] = answer;
        try
        {
            Send(question);
            return await answer.Task.WaitAsync(AnswerLimit, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new HostException($"Expected an answer of the worker process to {question.ContentCase} within {AnswerLimit.TotalSeconds:0} s.");
        }
        finally
        {
            _answers.TryRemove(question.RequestId, out _);
        }
    }

    private void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
                await to.WriteAsync(message, cancellationToken);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or InvalidOperationException or Grpc.Core.RpcException)
        {
            // The stream is over.
        }
    }

    private static void Demand(StatusResult? result, string otherwise)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
            throw new HostException($"{otherwise}: {result.Exception?.Message ?? result.Result}");
    }
}

/// <summary>The worker process ended before it had answered; the extensions know the name.</summary>
internal sealed class WorkerProcessExitException() : Exception("The worker process ended.");

internal static partial class WorkerLog
{
    [LoggerMessage(Message = "{Text}")]
    public static partial void Line(ILogger logger, LogLevel level, string text);

    [LoggerMessage(Message = "{Text} {Fault}")]
    public static partial void Fault(ILogger logger, LogLevel level, string text, string fault);
}
