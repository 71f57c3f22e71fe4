using Curriculum.Submission;
using Microsoft.AspNetCore.Mvc;

namespace Orchestrations.Http;

/// <summary>Requests that are refused, as problem details.</summary>
internal static class Refusal
{
    public static IActionResult Of(int status, ProblemCode code, string title, string detail) =>
        Reply(new() { Code = code, Title = title, Status = status, Detail = detail });

    /// <summary>A document with violations, all of them listed.</summary>
    public static IActionResult Of(IReadOnlyList<PlanViolation> violations, string what = "plan") => Reply(new()
    {
        Code = ProblemCode.InvalidDocument,
        Title = $"The {what} is not valid.",
        Status = 400,
        Detail = $"{violations.Count} violation{(violations.Count == 1 ? "" : "s")}; nothing was stored.",
        Errors = [.. violations.Select(violation => new Violation(violation.Pointer, violation.Message))],
    });

    public static IActionResult TooLarge(string what, int limit) =>
        Of(413, ProblemCode.TooLarge, $"The {what} is too large.", $"Expected a {what} of at most {limit} bytes.");

    public static IActionResult UnknownRun(string id) =>
        Of(404, ProblemCode.UnknownRun, "There is no such run.", $"Expected the id of a submitted run, found '{id}'.");

    /// <summary>What is stored of a run or a schedule keeps it from being acted on.</summary>
    public static IActionResult Unreadable(string what, string reason, string remedy) =>
        Of(409, ProblemCode.Unreadable, $"The {what} cannot be read.", $"{reason} {remedy}");

    public static IActionResult Unreadable(RunStatus run) =>
        Unreadable("run", string.Join(" ", (run.Failures ?? []).Select(failure => failure.Text)), $"Purge {run.Id} to remove it.");

    private static JsonReply<ProblemDetail> Reply(ProblemDetail problem) =>
        new(problem.Status, problem, ApiJson.Default.ProblemDetail, "application/problem+json");
}
