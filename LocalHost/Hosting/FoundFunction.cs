using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LocalHost.Hosting;

/// <summary>A method marked with <see cref="FunctionAttribute"/>, and the parameter that its trigger binds.</summary>
internal sealed class FoundFunction(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger)
    : FunctionDefinition
{
    public MethodInfo Method => method;

    public ParameterInfo TriggerParameter => triggerParameter;

    public TriggerBindingAttribute Trigger => trigger;

    public override string Name => name;

    public override string Id => name;

    public override string EntryPoint => $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string PathToAssembly => method.DeclaringType!.Assembly.Location;

    /// <summary>The parameters that neither the trigger nor the host itself provides, and that have no default.</summary>
    public IEnumerable<ParameterInfo> Others => method.GetParameters()
        .Where(p => p != triggerParameter && !p.HasDefaultValue && !IsProvided(p));

    /// <summary>Whether every function can have that parameter, whatever its trigger.</summary>
    public static bool IsProvided(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(FunctionContext)
        || parameter.ParameterType == typeof(CancellationToken)
        || parameter.IsDefined(typeof(DurableClientAttribute));
}
