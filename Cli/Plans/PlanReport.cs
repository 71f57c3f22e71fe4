using System.Text.Json;
using System.Text.Json.Serialization;
using Cli.Terminal;
using Curriculum.Costs;
using Curriculum.Submission;

namespace Cli.Plans;

/// <summary>What <c>check</c> found.</summary>
internal sealed record PlanReport
{
    /// <summary>Whether nothing stands against the plan.</summary>
    public required bool Valid { get; init; }

    public string? PlanHash { get; init; }

    public required IReadOnlyList<PlanViolation> Violations { get; init; }

    /// <summary>What can only be seen in the host's storage.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public PlanPrice? Price { get; init; }

    /// <summary>Everything that stands against the plan, a line each.</summary>
    public string Lines() => Terminal.Violations.Lines(Violations.Select(violation => (violation.Pointer, violation.Message)));

    /// <summary>Refuses a plan that anything stands against.</summary>
    /// <exception cref="CommandException">Something does.</exception>
    public void Refuse(string path)
    {
        if (!Valid)
            throw CommandException.Refused($"{path} is refused:\n{Lines()}");
    }
}

/// <summary>JSON of what commands answer beside the API's own records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(PlanReport))]
internal sealed partial class PlanReportJson : JsonSerializerContext;
