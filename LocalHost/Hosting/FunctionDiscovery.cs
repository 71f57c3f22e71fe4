using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LocalHost.Hosting;

/// <summary>Finds the functions among an app's types, and refuses what no host could run.</summary>
internal static class FunctionDiscovery
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <exception cref="HostSettingsException">Two functions share a name, or one has no trigger, several, or is not public.</exception>
    public static IReadOnlyList<FoundFunction> Find(IEnumerable<Type> types)
    {
        List<FoundFunction> functions =
        [
            .. from type in types
               from method in type.GetMethods(Any)
               let mark = method.GetCustomAttribute<FunctionAttribute>()
               where mark is not null
               select Read(method, mark.Name),
        ];
        // The official host tells function names apart without regard to case, and so must this one.
        foreach (var same in functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            throw new HostSettingsException($"Expected each function to have a name of its own; '{same.Key}' is used by {string.Join(" and ", same.Select(f => f.EntryPoint))}.");
        return functions;
    }

    private static FoundFunction Read(MethodInfo method, string name)
    {
        var where = $"{method.DeclaringType!.FullName}.{method.Name}";
        if (!method.IsPublic || method.IsGenericMethodDefinition || method.DeclaringType.IsGenericTypeDefinition)
            throw new HostSettingsException($"Expected the function '{name}' ({where}) to be a public method without type parameters.");
        if (method.DeclaringType.IsAbstract && !method.IsStatic)
            throw new HostSettingsException($"Expected the function '{name}' ({where}) to be static or in a class that can be made; {method.DeclaringType.Name} is abstract.");

        var triggers = method.GetParameters()
            .Select(p => (Parameter: p, Trigger: p.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(p => p.Trigger is not null)
            .ToList();
        if (triggers is not [var (parameter, trigger)])
            throw new HostSettingsException($"Expected the function '{name}' ({where}) to have one trigger and found {triggers.Count}.");
        return new(name, method, parameter, trigger!);
    }
}
