using System.Diagnostics;
using Azure.Storage.Queues.Models;
using LocalHost.Http;
using LocalHost.Rpc;
using LocalHost.Rpc.Messages;
using Microsoft.Azure.WebJobs;

namespace LocalHost.Functions;

/// <summary>What the generated functions call; public, since they stand in an assembly of their own.</summary>
public abstract class FunctionCalls
{
    /// <param name="function">Its place in the list of the app's functions.</param>
    /// <param name="arguments">A value for each of its inputs, and what else its trigger gives.</param>
    /// <param name="cancellationToken">Canceled where the invocation takes too long.</param>
    public abstract Task<object?> InvokeAsync(int function, object?[] arguments, CancellationToken cancellationToken);
}

/// <summary>Has the worker process run a function with what its triggers and bindings gave.</summary>
internal sealed class FunctionBridge(AppWorker worker, IReadOnlyList<WorkerFunction> functions, PendingRequests requests) : FunctionCalls
{
    private int _inFlight;

    /// <summary>Invocations that have not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public override async Task<object?> InvokeAsync(int function, object?[] arguments, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            var called = functions[function];
            var request = RequestFor(called, arguments);
            var link = await worker.LinkAsync(CancellationToken.None);
            var answering = link.InvokeAsync(request, cancellationToken);
            var response = called.Trigger.Is("httpTrigger")
                ? await requests.ForwardAsync(request.InvocationId, link.HttpAddress, answering)
                : await answering;
            return response.Result?.Status == StatusResult.Types.Status.Success
                ? TypedValues.Read(response.ReturnValue)
                : throw new WorkerFailure(response.Result);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private InvocationRequest RequestFor(WorkerFunction function, object?[] arguments)
    {
        var request = new InvocationRequest
        {
            FunctionId = function.Id,
            InvocationId = function.Trigger.Is("httpTrigger") ? (string)arguments[0]! : Guid.NewGuid().ToString(),
            // Set although empty: the worker reads it without a look whether it is there.
            TraceContext = new() { TraceParent = Activity.Current?.Id ?? "", TraceState = Activity.Current?.TraceStateString ?? "" },
        };
        for (var i = 0; i < function.Inputs.Count; i++)
        {
            var data = i == 0 && function.Trigger.Is("httpTrigger") ? requests.Describe(request) : TypedValues.Write(arguments[i]);
            request.InputData.Add(new ParameterBinding { Name = function.Inputs[i].Name, Data = data });
        }

        switch (arguments[0])
        {
            case QueueMessage message:
                TypedValues.Describe(message, request.TriggerMetadata);
                break;
            default:
                if (function.Trigger.Is("activityTrigger") && arguments[^1] is string instance)
                    request.TriggerMetadata["instanceId"] = new() { String = instance };
                break;
        }

        return request;
    }
}

/// <summary>A function failed in the worker process. The extensions read the message, whose form is theirs.</summary>
internal sealed class WorkerFailure(StatusResult? result) : Exception(
    $"Result: {result?.Status.ToString() ?? "Failure"}\nException: {result?.Exception?.Message ?? result?.Result}\nStack: {result?.Exception?.StackTrace}");
