using System.Reflection;
using LocalHost.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LocalHost.Hosting;

/// <summary>The app's orchestrators and activities by the names that the engine calls them by.</summary>
internal sealed class DurableFunctions : IDurableFunctions
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    private readonly FunctionInvoker _invoker;
    private readonly DataConverter _converter;
    private readonly Dictionary<string, FoundFunction> _orchestrators;
    private readonly Dictionary<string, FoundFunction> _activities;

    /// <exception cref="HostSettingsException">Two of a kind share a name.</exception>
    public DurableFunctions(IEnumerable<FoundFunction> functions, FunctionInvoker invoker, DataConverter converter)
    {
        (_invoker, _converter) = (invoker, converter);
        _orchestrators = ByName(functions, f => f.Trigger is OrchestrationTriggerAttribute t ? t.Orchestration ?? f.Name : null);
        _activities = ByName(functions, f => f.Trigger is ActivityTriggerAttribute t ? t.Activity ?? f.Name : null);
    }

    public static void CheckOrchestrator(FoundFunction function)
    {
        if (function.TriggerParameter.ParameterType != typeof(TaskOrchestrationContext))
            throw new HostSettingsException($"Expected the orchestrator '{function.Name}' to take a TaskOrchestrationContext and found {function.TriggerParameter.ParameterType.Name}.");
        if (function.Others.Count() > 1)
            throw new HostSettingsException($"Expected the orchestrator '{function.Name}' to take its context and one input at most; found {string.Join(", ", function.Others.Select(p => p.Name))} beside it.");
    }

    public static void CheckActivity(FoundFunction function)
    {
        if (function.Others.FirstOrDefault() is { } other)
            throw new HostSettingsException($"Nothing binds the parameter '{other.Name}' of the activity '{function.Name}': an activity takes one input, marked [ActivityTrigger].");
    }

    public Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name) =>
        _orchestrators.TryGetValue(name, out var function)
            ? context => _invoker.InvokeAsync(function, p => p == function.TriggerParameter ? context : Input(context, p))
            : null;

    public Func<ActivityCall, CancellationToken, Task<object?>>? FindActivity(string name) =>
        _activities.TryGetValue(name, out var function)
            ? (call, token) => _invoker.InvokeAsync(
                function,
                p => p == function.TriggerParameter ? Input(call.Input, p) : p.DefaultValue,
                cancellationToken: token)
            : null;

    /// <summary>The orchestrator's own input, where it takes one beside its context.</summary>
    private static object? Input(TaskOrchestrationContext context, ParameterInfo parameter) =>
        GetInput.MakeGenericMethod(parameter.ParameterType).Invoke(context, BindingFlags.DoNotWrapExceptions, null, null, null)
        ?? (parameter.HasDefaultValue ? parameter.DefaultValue : Nothing(parameter.ParameterType));

    private object? Input(string? data, ParameterInfo parameter) =>
        data is null ? Nothing(parameter.ParameterType) : _converter.Deserialize(data, parameter.ParameterType);

    private static object? Nothing(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static Dictionary<string, FoundFunction> ByName(IEnumerable<FoundFunction> functions, Func<FoundFunction, string?> name)
    {
        var found = new Dictionary<string, FoundFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (var function in functions)
        {
            if (name(function) is { } key && !found.TryAdd(key, function))
                throw new HostSettingsException($"Expected one function for the durable task '{key}'; found {found[key].EntryPoint} and {function.EntryPoint}.");
        }

        return found;
    }
}
