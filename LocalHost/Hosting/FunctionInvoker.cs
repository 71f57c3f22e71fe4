using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Hosting;

/// <summary>Runs a function: the app's middleware, its parameters, an instance of its class where it is not static, its result.</summary>
internal sealed class FunctionInvoker
{
    private readonly IServiceProvider _services;
    private readonly Func<DurableTaskClient> _client;
    private readonly FunctionExecutionDelegate _pipeline;

    public FunctionInvoker(
        IServiceProvider services,
        Func<DurableTaskClient> client,
        IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        _services = services;
        _client = client;
        _pipeline = middleware.Reverse().Aggregate((FunctionExecutionDelegate)RunAsync, (next, use) => use(next));
    }

    /// <summary>Runs it with <paramref name="bind"/> for the parameters that its trigger provides.</summary>
    public async Task<object?> InvokeAsync(
        FoundFunction function,
        Func<ParameterInfo, object?> bind,
        IReadOnlyDictionary<object, object>? items = null,
        CancellationToken cancellationToken = default)
    {
        await using var context = new LocalFunctionContext(function, bind, _services, cancellationToken);
        foreach (var (key, value) in items ?? new Dictionary<object, object>())
            context.Items[key] = value;
        await _pipeline(context);
        return context.Result;
    }

    private async Task RunAsync(FunctionContext context)
    {
        var local = (LocalFunctionContext)context;
        var method = local.Function.Method;
        object?[] arguments = [.. method.GetParameters().Select(p => Argument(p, local))];
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(local.InstanceServices, method.DeclaringType!);
        var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        local.Result = await ReturnedValue.ReadAsync(returned, method.ReturnType);
    }

    private object? Argument(ParameterInfo parameter, LocalFunctionContext context) =>
        parameter.ParameterType == typeof(FunctionContext) ? context
        : parameter.ParameterType == typeof(CancellationToken) ? context.CancellationToken
        : parameter.IsDefined(typeof(DurableClientAttribute)) ? _client()
        : context.Bind(parameter);
}
