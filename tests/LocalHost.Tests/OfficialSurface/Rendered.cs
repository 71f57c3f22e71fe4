using System.Reflection;

namespace LocalHost.Tests.OfficialSurface;

/// <summary>A public type in the notation of the official listings: its header, and a line for each member.</summary>
internal static class Rendered
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // What every object or record has anyway is not listed.
    private static readonly HashSet<string> Unlisted = ["Equals", "GetHashCode", "ToString", "PrintMembers", "<Clone>$"];

    public static string Header(Type type)
    {
        var name = TypeNames.Of(type);
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"{type.Namespace}: delegate {TypeNames.Of(invoke.ReturnType)} {name}({RenderedMember.Parameters(invoke)})";
        }

        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        var bases = type.IsEnum ? [] : Bases(type).ToList();
        return $"{type.Namespace}: {kind} {name}{(bases.Count > 0 ? $" : {string.Join(", ", bases)}" : "")}";
    }

    public static IEnumerable<string> Members(Type type)
    {
        if (type.GetCustomAttribute<AttributeUsageAttribute>(inherit: false) is { } usage)
            yield return $"[AttributeUsage({usage.ValidOn}, AllowMultiple = {Lower(usage.AllowMultiple)}, Inherited = {Lower(usage.Inherited)})]";
        if (type.IsEnum)
        {
            var values = type.GetFields(BindingFlags.Public | BindingFlags.Static);
            yield return string.Join(", ", values.Select(v => $"{v.Name}={Convert.ToInt64(v.GetRawConstantValue(), null)}"));
            yield break;
        }

        if (typeof(Delegate).IsAssignableFrom(type))
            yield break;
        foreach (var constructor in type.GetConstructors(Declared).Where(c => !c.IsStatic && RenderedMember.IsVisible(c)))
            yield return RenderedMember.Of(constructor);
        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            yield return $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{TypeNames.Of(field.FieldType)} {field.Name}";
        foreach (var property in type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(RenderedMember.IsVisible)))
            yield return RenderedMember.Of(property);
        foreach (var method in type.GetMethods(Declared).Where(IsListed))
            yield return RenderedMember.Of(method);
    }

    private static bool IsListed(MethodInfo method) =>
        RenderedMember.IsVisible(method)
        && !Unlisted.Contains(method.Name)
        && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal));

    private static IEnumerable<string> Bases(Type type)
    {
        if (type is { IsValueType: false, BaseType: { } parent } && parent != typeof(object))
            yield return TypeNames.Of(parent);
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        foreach (var one in type.GetInterfaces().Except(inherited))
            yield return TypeNames.Of(one);
    }

    private static string Lower(bool value) => value ? "true" : "false";
}
