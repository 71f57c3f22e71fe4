using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cronos;
using Curriculum.Submission;
using Curriculum.Texts;

namespace Orchestrations.Schedules;

/// <summary>Reads a submitted schedule whole, or says everything that is wrong with it at once.</summary>
public static partial class ScheduleReader
{
    /// <summary>Largest submission, in bytes: a plan and a little.</summary>
    public const int MaxBytes = PlanReader.MaxBytes + (16 * 1024);

    /// <summary>Lower-case letters, digits and hyphens, at most 40: with an instant it is a run's id, and never leaves its prefix in storage.</summary>
    public static bool IsName(string name) => ValidName().IsMatch(name);

    public static (Schedule? Schedule, IReadOnlyList<PlanViolation> Violations) Read(string name, ReadOnlySpan<byte> utf8, DateTimeOffset createdAt)
    {
        if (utf8.Length > MaxBytes)
            return (null, [new("", $"Expected a schedule of at most {MaxBytes} bytes, found {utf8.Length}.")]);
        if (Utf8Text.Fault(utf8) is { } fault)
            return (null, [new("", fault)]);
        JsonElement document;
        try
        {
            document = JsonElement.Parse(Utf8Text.Content(utf8), new JsonDocumentOptions { MaxDepth = PlanReader.MaxDepth + 1 });
        }
        catch (JsonException malformed)
        {
            return (null, [new("", $"Expected JSON of at most {PlanReader.MaxDepth + 1} levels: {JsonFault.Words(malformed)}")]);
        }

        var violations = new List<PlanViolation>();
        if (!IsName(name))
            violations.Add(new("", $"Expected a name of lower-case letters, digits and hyphens, at most 40, not beginning with a hyphen; found '{name}'."));
        if (document.ValueKind != JsonValueKind.Object)
            return (null, [.. violations, new("", $"Expected an object with cron, timeZone, whenRunning and plan, found {JsonFault.Words(document.ValueKind)}.")]);

        var (cron, zone, whenRunning, plan) = (ScheduleRequest.DefaultCron, ScheduleRequest.DefaultTimeZone, ScheduleRequest.DefaultWhenRunning, default(JsonElement));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in document.EnumerateObject())
        {
            var key = KeyOf(member);
            if (!seen.Add(key))
                violations.Add(new($"/{Escape(key)}", "Expected each key once, found it again."));
            switch (key)
            {
                case "cron":
                    cron = Text(member.Value, "/cron", violations) ?? ScheduleRequest.DefaultCron;
                    break;
                case "timeZone":
                    zone = Text(member.Value, "/timeZone", violations) ?? ScheduleRequest.DefaultTimeZone;
                    break;
                case "whenRunning":
                    whenRunning = ReadWhenRunning(member.Value, violations);
                    break;
                case "plan":
                    plan = member.Value;
                    break;
                default:
                    violations.Add(new($"/{Escape(key)}", "Expected cron, timeZone, whenRunning or plan; found an unknown key."));
                    break;
            }
        }

        if (CheckTimes(cron, zone, createdAt) is { } wrong)
            violations.Add(wrong);
        if (plan.ValueKind == JsonValueKind.Undefined)
            violations.Add(new("/plan", "Expected the plan to run; found none."));
        else
            violations.AddRange(PlanReader.Read(JsonMarshal.GetRawUtf8Value(plan)).Violations
                .Select(violation => violation with { Pointer = $"/plan{violation.Pointer}" }));
        return violations.Count > 0
            ? (null, violations)
            : (new() { Name = name, Cron = cron, TimeZone = zone, WhenRunning = whenRunning, CreatedAt = createdAt, Plan = plan }, []);
    }

    private static PlanViolation? CheckTimes(string cron, string zone, DateTimeOffset now)
    {
        CronExpression expression;
        try
        {
            expression = CronExpression.Parse(cron, CronFormat.Standard);
        }
        catch (CronFormatException fault)
        {
            return new("/cron", $"Expected five fields, minute hour day month weekday, such as '{ScheduleRequest.DefaultCron}'; found '{Short(cron)}': {fault.Message}");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            return new("/timeZone", $"Expected the IANA name of a time zone, such as Europe/Berlin; found '{Short(zone)}'.");
        return expression.GetNextOccurrence(now, found) is null
            ? new("/cron", $"Expected an expression that has a time to come; '{Short(cron)}' has none.")
            : null;
    }

    private static WhenRunning ReadWhenRunning(JsonElement value, List<PlanViolation> violations)
    {
        switch (Text(value, "/whenRunning", violations))
        {
            case "queue":
                return WhenRunning.Queue;
            case "skip":
                return WhenRunning.Skip;
            case null:
                return ScheduleRequest.DefaultWhenRunning;
            case var other:
                violations.Add(new("/whenRunning", $"Expected skip or queue, found '{Short(other)}'."));
                return WhenRunning.Skip;
        }
    }

    private static string? Text(JsonElement value, string pointer, List<PlanViolation> violations)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
        }

        violations.Add(new(pointer, $"Expected text, found {Short(value.GetRawText())}."));
        return null;
    }

    private static string KeyOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "\ufffd";
        }
    }

    private static string Escape(string key) => Short(key).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";

    internal const string NamePattern = @"^[a-z0-9][a-z0-9-]{0,39}\z";

    [GeneratedRegex(NamePattern, RegexOptions.CultureInvariant)]
    private static partial Regex ValidName();
}
