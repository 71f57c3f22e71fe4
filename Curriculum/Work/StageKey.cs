using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Curriculum.Work;

/// <summary>One attempt at one stage of one arm under one seed. Text form: <c>run/arm/seed/stage/attempt</c>.</summary>
[JsonConverter(typeof(IdJson<StageKey>))]
public sealed partial record StageKey(ArmKey Of, int Stage, int Attempt) : IId<StageKey>
{
    public RunId Run => Of.Run;

    public string Arm => Of.Arm;

    public int Seed => Of.Seed;

    /// <summary>Id of the stage's orchestration.</summary>
    public string Instance => FormattableString.Invariant($"{Of.Instance}:{Stage}:{Attempt}");

    /// <summary>The attempt's place below the run's in storage.</summary>
    public string Path => FormattableString.Invariant($"{Of.Path}/{Stage}/{Attempt}");

    /// <summary>Draws from the pool are keyed by seed, stage and attempt and not by arm: arms with the same stages see the same problems.</summary>
    public string PoolKey => FormattableString.Invariant($"pool/{Seed}/{Stage}/{Attempt}");

    public StageKey In(RunId run) => this with { Of = Of.In(run) };

    public override string ToString() => $"{Run}/{Path}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no stage's key.</exception>
    public static StageKey Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match)
            throw new FormatException($"Expected a stage's key of the form run/arm/seed/stage/attempt, found '{text}'.");
        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return Ids.Canonical(new StageKey(ArmKey.Parse(match.Groups[1].Value), Number(2), Number(3)), text);
    }

    [GeneratedRegex(@"^(.+)/(\d{1,4})/(\d{1,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
