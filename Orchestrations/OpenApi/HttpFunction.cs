using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;

namespace Orchestrations.OpenApi;

/// <summary>An HTTP function of the app, as its attributes describe it.</summary>
/// <param name="Name">The function's.</param>
/// <param name="Method">What runs.</param>
/// <param name="Trigger">Its route and verbs.</param>
internal sealed record HttpFunction(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)
{
    /// <summary>All of the app's, in the order of their paths.</summary>
    public static IReadOnlyList<HttpFunction> All { get; } =
    [
        .. from type in typeof(HttpFunction).Assembly.GetTypes()
           from method in type.GetMethods()
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           orderby trigger.Route, method.Name
           select new HttpFunction(method.GetCustomAttribute<FunctionAttribute>()!.Name, method, trigger),
    ];

    public string Path => $"/api/{Trigger.Route}";

    /// <summary>Its one verb, in lower case.</summary>
    public string Verb => Trigger.Methods!.Single();

    public string Summary => Method.GetCustomAttribute<OperationAttribute>()!.Summary;

    public Type? Takes => Method.GetCustomAttribute<TakesAttribute>()?.Body;

    public IEnumerable<ParameterAttribute> Parameters => Method.GetCustomAttributes<ParameterAttribute>().OrderBy(parameter => parameter.Name, StringComparer.Ordinal);

    public IEnumerable<AnswersAttribute> Answers => Method.GetCustomAttributes<AnswersAttribute>().OrderBy(answer => answer.Status);

    public IEnumerable<RefusesAttribute> Refusals => Method.GetCustomAttributes<RefusesAttribute>().OrderBy(refusal => refusal.Status);
}
