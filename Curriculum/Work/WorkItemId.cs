using System.Globalization;
using System.Text.RegularExpressions;

namespace Curriculum.Work;

/// <summary>Names one fixed batch of work, the same through every redelivery and redispatch.</summary>
/// <remarks>Text form: <c>run/arm/seed/stage/attempt/iteration/round/chunk/kind</c>. A rollback, gate repeat or retry raises the attempt, a refill the round.</remarks>
public sealed partial record WorkItemId(
    string Run, string Arm, int Seed, int Stage, int Attempt, int Iteration, int Round, int Chunk, WorkKind Kind)
{
    /// <summary>What random draws are keyed by: the id without the run, so that two runs of one plan draw alike.</summary>
    public string DrawKey => string.Create(
        CultureInfo.InvariantCulture, $"{Arm}/{Seed}/{Stage}/{Attempt}/{Iteration}/{Round}/{Chunk}/{KindText(Kind)}");

    public override string ToString() => $"{Run}/{DrawKey}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not a work item id.</exception>
    public static WorkItemId Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !Enum.TryParse<WorkKind>(match.Groups["kind"].Value, ignoreCase: true, out var kind))
        {
            throw new FormatException(
                $"Expected a work item id of the form run/arm/seed/stage/attempt/iteration/round/chunk/kind, found '{text}'.");
        }

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return new(
            match.Groups["run"].Value, match.Groups["arm"].Value, Number("seed"), Number("stage"), Number("attempt"),
            Number("iteration"), Number("round"), Number("chunk"), kind);
    }

    private static string KindText(WorkKind kind) => kind switch
    {
        WorkKind.Pretrain => "pretrain",
        WorkKind.Import => "import",
        WorkKind.Rollout => "rollout",
        WorkKind.Pilot => "pilot",
        WorkKind.Check => "check",
        WorkKind.Update => "update",
        WorkKind.Validate => "validate",
        WorkKind.Evaluate => "evaluate",
        WorkKind.Audit => "audit",
        WorkKind.Probe => "probe",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of work."),
    };

    [GeneratedRegex(
        @"^(?<run>[a-z0-9][a-z0-9-]{0,79})/(?<arm>[a-z0-9][a-z0-9-]{0,29})/(?<seed>-?\d{1,9})/(?<stage>\d{1,4})/(?<attempt>\d{1,4})/(?<iteration>\d{1,7})/(?<round>\d{1,4})/(?<chunk>\d{1,6})/(?<kind>pretrain|import|rollout|pilot|check|update|validate|evaluate|audit|probe)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
