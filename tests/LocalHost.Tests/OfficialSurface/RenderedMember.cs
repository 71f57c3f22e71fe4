using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LocalHost.Tests.OfficialSurface;

/// <summary>A public or protected member in the notation of the official listings.</summary>
internal static class RenderedMember
{
    public static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static string Of(ConstructorInfo constructor) =>
        $"{Access(constructor)}{constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor)})";

    public static string Of(PropertyInfo property)
    {
        var accessor = property.GetAccessors(nonPublic: true).First(IsVisible);
        var get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && IsVisible(setter) ? IsInit(setter) ? "init; " : "set; " : "";
        return $"{Access(accessor)}{Modifier(accessor, isProperty: true)}{TypeNames.Of(property.PropertyType)}{Nullability.Mark(property)} {property.Name} {{ {get}{set}}}";
    }

    public static string Of(MethodInfo method)
    {
        var arguments = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";
        var obsolete = method.IsDefined(typeof(ObsoleteAttribute)) ? " [Obsolete]" : "";
        return $"{Access(method)}{Modifier(method, isProperty: false)}{TypeNames.Of(method.ReturnType)}{Nullability.Mark(method.ReturnParameter)} {method.Name}{arguments}({Parameters(method)}){obsolete}";
    }

    public static string Parameters(MethodBase method)
    {
        var isExtension = method.IsDefined(typeof(ExtensionAttribute));
        return string.Join(", ", method.GetParameters().Select(p => Parameter(p, isExtension && p.Position == 0)));
    }

    private static string Parameter(ParameterInfo parameter, bool isThis)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        var prefix = isThis ? "this " : parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{prefix}{TypeNames.Of(type)}{Nullability.Mark(parameter)} {parameter.Name}{Default(parameter, type)}";
    }

    private static string Default(ParameterInfo parameter, Type type) => parameter switch
    {
        { HasDefaultValue: false } => "",
        { DefaultValue: null } => type.IsValueType ? " = default" : " = null",
        { DefaultValue: bool value } => value ? " = true" : " = false",
        { DefaultValue: string value } => $" = \"{value}\"",
        { DefaultValue: var value } => $" = {Convert.ToString(value, CultureInfo.InvariantCulture)}",
    };

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method, bool isProperty) => method switch
    {
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } => "",
        { IsAbstract: true } => "abstract ",
        { IsVirtual: false } or { IsFinal: true } => "",
        _ => isProperty || method.GetBaseDefinition() == method ? "virtual " : "override ",
    };

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
}
