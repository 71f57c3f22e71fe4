namespace Orchestrations.Http;

/// <summary>What an endpoint is for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string summary) : Attribute
{
    public string Summary { get; } = summary;
}

/// <summary>The record that an endpoint takes as its body.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesAttribute(Type body) : Attribute
{
    public Type Body { get; } = body;
}

/// <summary>A parameter of an endpoint, in its query unless it is a header.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ParameterAttribute(string name, string type, string description) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Of JSON Schema: <c>string</c>, <c>integer</c>, <c>boolean</c> or <c>array</c>, whose items are texts.</summary>
    public string Type { get; } = type;

    public string Description { get; } = description;

    public bool IsHeader { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>The least of an integer.</summary>
    public int Minimum { get; init; }

    /// <summary>The greatest of an integer, or the longest of a text; none by default.</summary>
    public int Maximum { get; init; } = int.MaxValue;
}

/// <summary>An answer of an endpoint that did what it was asked.</summary>
/// <param name="status">Its status code.</param>
/// <param name="body">The record that it carries; null for none, or for a body that is no JSON.</param>
/// <param name="description">What it means.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AnswersAttribute(int status, Type? body, string description) : Attribute
{
    public int Status { get; } = status;

    public Type? Body { get; } = body;

    public string Description { get; } = description;

    /// <summary>The type of a body that is no JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether it names an address in <c>Location</c>.</summary>
    public bool HasLocation { get; init; }
}

/// <summary>An answer of an endpoint that refuses: a <see cref="ProblemDetail"/> with one of some codes.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RefusesAttribute(int status, params ProblemCode[] codes) : Attribute
{
    public int Status { get; } = status;

    public IReadOnlyList<ProblemCode> Codes { get; } = codes;
}
