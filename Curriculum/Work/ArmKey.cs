using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Curriculum.Work;

/// <summary>One arm of a run under one seed. Text form: <c>run/arm/seed</c>.</summary>
[JsonConverter(typeof(IdJson<ArmKey>))]
public sealed partial record ArmKey(RunId Run, string Arm, int Seed) : IId<ArmKey>
{
    /// <summary>Id of the arm's orchestration.</summary>
    public string Instance => FormattableString.Invariant($"{Run}:{Arm}:{Seed}");

    /// <summary>The arm's place below the run's in storage.</summary>
    public string Path => FormattableString.Invariant($"{Arm}/{Seed}");

    public ArmKey In(RunId run) => this with { Run = run };

    public override string ToString() => $"{Run}/{Path}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no arm's key.</exception>
    public static ArmKey Parse(string text) => Pattern().Match(text) is { Success: true } match
        ? Ids.Canonical(new ArmKey(RunId.Parse(match.Groups[1].Value), match.Groups[2].Value, int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture)), text)
        : throw new FormatException($"Expected an arm's key of the form run/arm/seed, found '{text}'.");

    [GeneratedRegex(@"^([^/]+)/([a-z0-9][a-z0-9-]{0,29})/(-?\d{1,9})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
