using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrations.Trajectories;

/// <summary>Names one trajectory of a run, for as long as the run is there.</summary>
/// <remarks>Text form: <c>rollout.arm.seed.stage.attempt.iteration.group</c>, <c>validation.arm.seed.stage.attempt.updates.problem</c> or <c>benchmark.arm.seed.name.problem</c>.</remarks>
/// <param name="At">The iteration of a group, or the updates of the checkpoint that was validated.</param>
/// <param name="Index">The group among all of its iteration, or the problem in its set.</param>
internal sealed partial record TrajectoryKey(TrajectorySource Source, string Arm, int Seed, int Stage, int Attempt, int At, string? Benchmark, int Index)
{
    public override string ToString() => Source == TrajectorySource.Benchmark
        ? FormattableString.Invariant($"benchmark.{Arm}.{Seed}.{Benchmark}.{Index}")
        : FormattableString.Invariant($"{(Source == TrajectorySource.Rollout ? "rollout" : "validation")}.{Arm}.{Seed}.{Stage}.{Attempt}.{At}.{Index}");

    /// <summary>Reads the text form; null where it is none.</summary>
    public static TrajectoryKey? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var source = match.Groups["source"].Value switch
        {
            "rollout" => TrajectorySource.Rollout,
            "validation" => TrajectorySource.Validation,
            _ => TrajectorySource.Benchmark,
        };
        return new(
            source, match.Groups["arm"].Value, Number("seed"), Number("stage"), Number("attempt"), Number("at"),
            source == TrajectorySource.Benchmark ? match.Groups["name"].Value : null, Number("index"));
    }

    public const string Pattern =
        @"^(?:(?<source>rollout|validation)\.(?<arm>[a-z0-9][a-z0-9-]{0,29})\.(?<seed>-?\d{1,9})\.(?<stage>\d{1,4})\.(?<attempt>\d{1,4})\.(?<at>\d{1,7})\.(?<index>\d{1,7})|(?<source>benchmark)\.(?<arm>[a-z0-9][a-z0-9-]{0,29})\.(?<seed>-?\d{1,9})\.(?<name>[a-z0-9-]{1,60})\.(?<index>\d{1,7}))\z";

    /// <summary>The same, as a description of the API can say it.</summary>
    public const string Described = @"^(rollout|validation|benchmark)(\.-?[a-z0-9][a-z0-9-]*){4,6}\z";

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
