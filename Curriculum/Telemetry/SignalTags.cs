using System.Diagnostics;
using Curriculum.Work;

namespace Curriculum.Telemetry;

/// <summary>What spans, measurements and lines of the log say of the work that they belong to.</summary>
/// <remarks>Measurements carry kinds, outcomes, methods and queues alone: a run or an item would be a series of its own.</remarks>
public static class SignalTags
{
    public const string Run = "curriculum.run";
    public const string Arm = "curriculum.arm";
    public const string Seed = "curriculum.seed";
    public const string Stage = "curriculum.stage";
    public const string Attempt = "curriculum.attempt";
    public const string Step = "curriculum.step";
    public const string Iteration = "curriculum.iteration";
    public const string Item = "curriculum.item";
    public const string Kind = "curriculum.kind";
    public const string Method = "curriculum.method";
    public const string Outcome = "curriculum.outcome";
    public const string Useful = "curriculum.useful";
    public const string State = "curriculum.state";
    public const string Deliveries = "curriculum.deliveries";
    public const string Tokens = "curriculum.tokens";
    public const string Queue = "messaging.destination.name";

    /// <summary>Of whose work it is; also a scope of the log.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Of(WorkOwner owner) =>
    [
        new(Run, owner.Run.ToString()),
        new(Arm, owner.Scope.ToString()),
        new(Seed, owner.Seed),
        new(Stage, owner.Stage),
        new(Attempt, owner.Attempt),
    ];

    /// <summary>Of an item; also a scope of the log.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Of(WorkItemId item) =>
        [.. Of(item.Owner), new(Iteration, item.Iteration), new(Item, item.ToString()), new(Kind, item.KindName)];

    public static Activity? With(this Activity? span, IEnumerable<KeyValuePair<string, object?>> tags)
    {
        if (span is not { IsAllDataRequested: true })
            return span;
        foreach (var (name, value) in tags)
            span.SetTag(name, value);
        return span;
    }

    /// <summary>Marks a span as failed, with the reason.</summary>
    public static void Fail(this Activity? span, string reason) => span?.SetStatus(ActivityStatusCode.Error, reason);
}
