using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Curriculum.Work;

/// <summary>Names one fixed batch of work, the same through every redelivery and redispatch.</summary>
/// <remarks>Text form: <c>run/scope/seed/stage/attempt/iteration/round/chunk/kind</c>. A rollback, gate repeat or retry raises the attempt, a refill the round.</remarks>
[JsonConverter(typeof(IdJson<WorkItemId>))]
public sealed partial record WorkItemId(WorkOwner Owner, int Iteration, int Round, int Chunk, WorkKind Kind) : IId<WorkItemId>
{
    private static readonly WorkKind[] Kinds = Enum.GetValues<WorkKind>();

    public RunId Run => Owner.Run;

    /// <summary>What random draws are keyed by: the id without the run, so that two runs of one plan draw alike.</summary>
    public string DrawKey => FormattableString.Invariant($"{Owner.Path}/{Iteration}/{Round}/{Chunk}/{KindName}");

    /// <summary>The kind as the text form has it.</summary>
    public string KindName => Text(Kind);

    public static WorkItemId Of(StageKey stage, WorkKind kind, int iteration, int round = 0, int chunk = 0) => new(WorkOwner.Of(stage), iteration, round, chunk, kind);

    public static WorkItemId Of(WorkOwner owner, WorkKind kind, int chunk = 0) => new(owner, 0, 0, chunk, kind);

    public WorkItemId In(RunId run) => this with { Owner = Owner with { Run = run } };

    public override string ToString() => $"{Run}/{DrawKey}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not a work item id.</exception>
    public static WorkItemId Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match || KindOf(match.Groups["kind"].ValueSpan) is not { } kind)
        {
            throw new FormatException(
                $"Expected a work item id of the form run/scope/seed/stage/attempt/iteration/round/chunk/kind, found '{text}'.");
        }

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return Ids.Canonical(new WorkItemId(WorkOwner.Parse(match.Groups["owner"].Value), Number("iteration"), Number("round"), Number("chunk"), kind), text);
    }

    /// <summary>Reads the part of an address that names an item of a run: the text form without the run, with dots for slashes, which no part of it can have; null where it is none.</summary>
    public static WorkItemId? OfAddress(RunId run, string text)
    {
        try
        {
            return Parse($"{run}/{text.Replace('.', '/')}");
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static WorkKind? KindOf(ReadOnlySpan<char> text)
    {
        foreach (var kind in Kinds)
        {
            if (text.SequenceEqual(Text(kind)))
                return kind;
        }

        return null;
    }

    private static string Text(WorkKind kind) => kind switch
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
        WorkKind.Colocated => "colocated",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of work."),
    };

    [GeneratedRegex(
        @"^(?<owner>(?:[^/]+/){4}\d+)/(?<iteration>\d{1,7})/(?<round>\d{1,4})/(?<chunk>\d{1,6})/(?<kind>[a-z]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
