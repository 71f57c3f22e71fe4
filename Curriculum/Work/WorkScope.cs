using System.Text.RegularExpressions;

namespace Curriculum.Work;

/// <summary>What in a run work belongs to: an arm, or the run itself under a name that no arm can have.</summary>
public sealed partial record WorkScope
{
    private readonly string _text;

    private WorkScope(string text) => _text = text;

    /// <summary>The making of the base: pretraining or import.</summary>
    public static WorkScope Base { get; } = new("@base");

    /// <summary>The base's votes on labels.</summary>
    public static WorkScope Votes { get; } = new("@votes");

    /// <summary>The audit of the base, and its probes.</summary>
    public static WorkScope Audit { get; } = new("@audit");

    /// <summary>A run's place in the queue of its hub.</summary>
    public static WorkScope Queue { get; } = new("@queue");

    /// <summary>Whether the work belongs to an arm.</summary>
    public bool IsArm => _text[0] != '@';

    /// <exception cref="FormatException">No arm can have that name.</exception>
    public static WorkScope OfArm(string arm) => ArmName().IsMatch(arm) ? new(arm) : throw new FormatException(
        $"Expected an arm's name, 1 to 30 lower-case letters, digits and hyphens, the first no hyphen; found '{arm}'.");

    /// <exception cref="FormatException">The text is no scope.</exception>
    public static WorkScope Parse(string text) => Array.Find([Base, Votes, Audit, Queue], scope => scope._text == text) ?? OfArm(text);

    public override string ToString() => _text;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,29}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ArmName();
}
