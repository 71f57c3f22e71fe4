using System.Collections.Concurrent;
using LocalHost.Rpc.Messages;
using Microsoft.AspNetCore.Http;

namespace LocalHost.Http;

/// <summary>HTTP requests whose functions are being invoked: the invocation goes to the worker process by one way and the request, whole, by another.</summary>
internal sealed class PendingRequests(RequestForwarder forwarder)
{
    /// <summary>Name of the generated functions' parameter that says which request it is.</summary>
    public const string Parameter = "invocation";

    private readonly ConcurrentDictionary<string, HttpContext> _requests = new(StringComparer.Ordinal);

    public string Add(HttpContext request)
    {
        var invocation = Guid.NewGuid().ToString();
        _requests[invocation] = request;
        return invocation;
    }

    public void Remove(string invocation) => _requests.TryRemove(invocation, out _);

    /// <summary>What the process binds parameters from: route values, here and among what is known of the trigger.</summary>
    public TypedData Describe(InvocationRequest invocation)
    {
        var request = _requests[invocation.InvocationId].Request;
        var http = new RpcHttp { Method = request.Method, Url = $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}{request.QueryString}" };
        foreach (var (name, value) in request.RouteValues)
        {
            var text = value?.ToString() ?? "";
            http.Params[name] = text;
            invocation.TriggerMetadata[name] = new() { String = text };
        }

        return new() { Http = http };
    }

    /// <summary>Forwards the request, and gives what the function came to.</summary>
    public async Task<InvocationResponse> ForwardAsync(string invocation, Uri? process, Task<InvocationResponse> answering)
    {
        await forwarder.ForwardAsync(_requests[invocation], process, invocation);
        return await answering;
    }
}
