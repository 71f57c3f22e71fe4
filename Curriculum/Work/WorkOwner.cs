using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Curriculum.Work;

/// <summary>What work is done for: a stage's attempt, an arm's evaluation, or the run itself. Text form: <c>run/scope/seed/stage/attempt</c>.</summary>
[JsonConverter(typeof(IdJson<WorkOwner>))]
public sealed partial record WorkOwner(RunId Run, WorkScope Scope, int Seed, int Stage, int Attempt) : IId<WorkOwner>
{
    public static WorkOwner Of(StageKey stage) => new(stage.Run, WorkScope.OfArm(stage.Arm), stage.Seed, stage.Stage, stage.Attempt);

    /// <summary>The evaluation of an arm, which comes after its last stage.</summary>
    public static WorkOwner Evaluation(ArmKey arm, int stages) => new(arm.Run, WorkScope.OfArm(arm.Arm), arm.Seed, stages, 0);

    /// <summary>Work of the run itself.</summary>
    public static WorkOwner OfRun(RunId run, WorkScope scope) => new(run, scope, 0, 0, 0);

    /// <summary>The attempt at a stage that an arm's work is for.</summary>
    public StageKey Key => new(Arm, Stage, Attempt);

    public ArmKey Arm => new(Run, Scope.ToString(), Seed);

    /// <summary>Id of the orchestration that waits for the work.</summary>
    public string Instance => Scope.IsArm ? FormattableString.Invariant($"{Run}:{Scope}:{Seed}:{Stage}:{Attempt}") : $"{Run}:{Scope}";

    /// <summary>The owner's place below the run's in storage, and what its draws are keyed by.</summary>
    public string Path => FormattableString.Invariant($"{Scope}/{Seed}/{Stage}/{Attempt}");

    public override string ToString() => $"{Run}/{Path}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no owner of work.</exception>
    public static WorkOwner Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match)
            throw new FormatException($"Expected an owner of work of the form run/scope/seed/stage/attempt, found '{text}'.");
        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return Ids.Canonical(
            new WorkOwner(RunId.Parse(match.Groups["run"].Value), WorkScope.Parse(match.Groups["scope"].Value), Number("seed"), Number("stage"), Number("attempt")), text);
    }

    [GeneratedRegex(@"^(?<run>[^/]+)/(?<scope>[^/]+)/(?<seed>-?\d{1,9})/(?<stage>\d{1,4})/(?<attempt>\d{1,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
