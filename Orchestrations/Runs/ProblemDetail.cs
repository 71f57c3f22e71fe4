using Curriculum.Plans;
using Microsoft.AspNetCore.Mvc;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>A problem detail of RFC 9457, with every violation and its JSON pointer where a plan was refused.</summary>
public sealed record ProblemDetail
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    public IReadOnlyList<Violation>? Errors { get; init; }

    public IActionResult ToReply() => new JsonReply<ProblemDetail>(
        Status, this, OrchestrationsJson.Default.ProblemDetail, "application/problem+json");

    public static IActionResult Refused(IReadOnlyList<PlanViolation> violations, string what = "plan") => new ProblemDetail
    {
        Title = $"The {what} is not valid.",
        Status = 400,
        Detail = $"{violations.Count} violation{(violations.Count == 1 ? "" : "s")}; nothing was stored.",
        Errors = [.. violations.Select(violation => new Violation(violation.Pointer, violation.Message))],
    }.ToReply();

    public static IActionResult Of(int status, string title, string detail) =>
        new ProblemDetail { Title = title, Status = status, Detail = detail }.ToReply();

    public static IActionResult UnknownRun(string id) => Of(404, "There is no such run.", $"Expected the id of a submitted run, found '{id}'.");
}

/// <summary>One violation.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the submitted plan.</param>
public sealed record Violation(string Pointer, string Detail);
