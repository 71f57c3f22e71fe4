using System.Reflection;
using System.Runtime.CompilerServices;

namespace LocalHost.Tests.OfficialSurface;

/// <summary>Whether a type stands with a question mark, at its top level alone: the listings do not tell it inside of generics.</summary>
internal static class Nullability
{
    private const byte Nullable = 2;

    public static string Mark(ParameterInfo parameter) => Mark(parameter.ParameterType, parameter.GetCustomAttributes(), parameter.Member);

    public static string Mark(PropertyInfo property) => Mark(property.PropertyType, property.GetCustomAttributes(), property.DeclaringType!);

    private static string Mark(Type type, IEnumerable<Attribute> attributes, MemberInfo context)
    {
        if ((type.IsByRef ? type.GetElementType()! : type).IsValueType)
            return "";
        var flags = attributes.OfType<NullableAttribute>().FirstOrDefault()?.NullableFlags;
        return (flags is [var first, ..] ? first : Context(context)) == Nullable ? "?" : "";
    }

    private static byte Context(MemberInfo? member) => member is null
        ? (byte)0
        : member.GetCustomAttribute<NullableContextAttribute>(inherit: false)?.Flag ?? Context(member.DeclaringType);
}
