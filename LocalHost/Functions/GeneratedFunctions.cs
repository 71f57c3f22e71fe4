using System.Reflection;
using System.Reflection.Emit;
using Azure.Storage.Queues.Models;
using LocalHost.Http;
using LocalHost.Rpc;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace LocalHost.Functions;

/// <summary>A method for each of the app's functions, with the attributes that the extensions look for; each does nothing but call <see cref="FunctionCalls"/>.</summary>
internal static class GeneratedFunctions
{
    private static readonly MethodInfo Invoke = typeof(FunctionCalls).GetMethod(nameof(FunctionCalls.InvokeAsync))!;

    /// <param name="functions">The app's functions.</param>
    /// <param name="timeout">Longest time of an invocation; null for none.</param>
    /// <exception cref="HostException">A function has a trigger or binding that this host does not know.</exception>
    public static Type Create(IReadOnlyList<WorkerFunction> functions, TimeSpan? timeout)
    {
        var name = new AssemblyName("LocalHost.Generated");
        var assembly = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule(name.Name!).DefineType("Functions", TypeAttributes.Public);
        var bridge = type.DefineField("_calls", typeof(FunctionCalls), FieldAttributes.Private);
        DefineConstructor(type, bridge);
        for (var index = 0; index < functions.Count; index++)
            Define(type, bridge, functions[index], index, timeout);
        return type.CreateType();
    }

    private static void DefineConstructor(TypeBuilder type, FieldBuilder bridge)
    {
        var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(FunctionCalls)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, bridge);
        code.Emit(OpCodes.Ret);
    }

    private static void Define(TypeBuilder type, FieldBuilder bridge, WorkerFunction function, int index, TimeSpan? timeout)
    {
        List<Parameter> parameters = [.. function.Inputs.Select(input => Of(function, input))];
        if (function.Trigger.Is("activityTrigger"))
            parameters.Add(new("instanceId", typeof(string), null));
        // Only these triggers take what a function returns.
        var returned = IsDurable(function.Trigger) ? typeof(Task<object>) : typeof(Task);
        var method = type.DefineMethod(
            function.Name, MethodAttributes.Public, returned, [.. parameters.Select(parameter => parameter.Type), typeof(CancellationToken)]);
        method.SetCustomAttribute(Attribute(typeof(FunctionNameAttribute), [function.Name]));
        if (function.Trigger.Is("httpTrigger"))
            method.SetCustomAttribute(Attribute(typeof(NoAutomaticTriggerAttribute), []));
        if (timeout is { } limit)
            method.SetCustomAttribute(Attribute(typeof(TimeoutAttribute), [limit.ToString()], ("ThrowOnTimeout", true), ("TimeoutWhileDebugging", false)));
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = method.DefineParameter(i + 1, ParameterAttributes.None, parameters[i].Name);
            if (parameters[i].Attribute is { } attribute)
                parameter.SetCustomAttribute(attribute);
        }

        method.DefineParameter(parameters.Count + 1, ParameterAttributes.None, "cancellationToken");
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, bridge);
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Ldc_I4, parameters.Count);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < parameters.Count; i++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, i);
            code.Emit(OpCodes.Ldarg, i + 1);
            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Ldarg, parameters.Count + 1);
        code.Emit(OpCodes.Callvirt, Invoke);
        code.Emit(OpCodes.Ret);
    }

    private static bool IsDurable(FunctionBinding trigger) =>
        trigger.Is("orchestrationTrigger") || trigger.Is("activityTrigger") || trigger.Is("entityTrigger");

    private static Parameter Of(WorkerFunction function, FunctionBinding binding) => binding.Type.ToUpperInvariant() switch
    {
        "ORCHESTRATIONTRIGGER" => new(binding.Name, typeof(string), Attribute(typeof(OrchestrationTriggerAttribute), [])),
        "ACTIVITYTRIGGER" => new(binding.Name, typeof(string), Attribute(typeof(ActivityTriggerAttribute), [])),
        "ENTITYTRIGGER" => new(binding.Name, typeof(string), Attribute(typeof(EntityTriggerAttribute), [])),
        "DURABLECLIENT" => new(
            binding.Name, typeof(string), Attribute(typeof(DurableClientAttribute), [], ("TaskHub", binding.Text("taskHub")), ("ConnectionName", binding.Text("connectionName")))),
        "QUEUETRIGGER" => new(
            binding.Name, typeof(QueueMessage), Attribute(typeof(QueueTriggerAttribute), [binding.Text("queueName")!], ("Connection", binding.Text("connection")))),
        "TIMERTRIGGER" => new(
            binding.Name,
            typeof(TimerInfo),
            Attribute(typeof(TimerTriggerAttribute), [binding.Text("schedule")!], ("RunOnStartup", binding.Flag("runOnStartup", false)), ("UseMonitor", binding.Flag("useMonitor", true)))),
        "HTTPTRIGGER" => new(PendingRequests.Parameter, typeof(string), null),
        _ => throw new HostException(
            $"Expected bindings of the function {function.Name} that this host knows (HTTP, queue, timer and durable triggers, durable clients), found {binding.Type}."),
    };

    private static CustomAttributeBuilder Attribute(Type type, object[] arguments, params (string Property, object? Value)[] properties)
    {
        var set = properties.Where(property => property.Value is not null).ToList();
        return new(
            type.GetConstructor([.. arguments.Select(argument => argument.GetType())])!,
            arguments,
            [.. set.Select(property => type.GetProperty(property.Property)!)],
            [.. set.Select(property => property.Value!)]);
    }

    private sealed record Parameter(string Name, Type Type, CustomAttributeBuilder? Attribute);
}

/// <summary>Hands the generated functions to the host, which looks nowhere else.</summary>
internal sealed class GeneratedTypes(Type functions) : ITypeLocator
{
    public IReadOnlyList<Type> GetTypes() => [functions];
}
