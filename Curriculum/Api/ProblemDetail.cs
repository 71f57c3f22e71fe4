namespace Curriculum.Api;

/// <summary>A problem detail of RFC 9457, with a code to decide by, and every violation with its JSON pointer where a document was refused.</summary>
public sealed record ProblemDetail
{
    public string Type { get; init; } = "about:blank";

    public required ProblemCode Code { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public IReadOnlyList<Violation>? Errors { get; init; }
}

/// <summary>One violation.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the submitted document.</param>
public sealed record Violation(string Pointer, string Detail);
