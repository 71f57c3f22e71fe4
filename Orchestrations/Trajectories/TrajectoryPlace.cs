using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrations.Trajectories;

/// <summary>Where a trajectory stands among all of its run, so that a page can go on after it although the run goes on too.</summary>
/// <param name="Arm">The arm's place in the plan.</param>
/// <param name="Seed">The seed's place in the plan.</param>
/// <param name="At">The iteration, the updates of the checkpoint, or the benchmark's place in the plan and its chunk.</param>
/// <param name="Index">Among what is read at once there.</param>
internal sealed partial record TrajectoryPlace(int Source, int Arm, int Seed, int Stage, int Attempt, int At, int Index) : IComparable<TrajectoryPlace>
{
    private (int, int, int, int, int, int, int) Order => (Source, Arm, Seed, Stage, Attempt, At, Index);

    public int CompareTo(TrajectoryPlace? other) => other is null ? 1 : Order.CompareTo(other.Order);

    public static bool operator <(TrajectoryPlace one, TrajectoryPlace other) => one.CompareTo(other) < 0;

    public static bool operator >(TrajectoryPlace one, TrajectoryPlace other) => one.CompareTo(other) > 0;

    public static bool operator <=(TrajectoryPlace one, TrajectoryPlace other) => one.CompareTo(other) <= 0;

    public static bool operator >=(TrajectoryPlace one, TrajectoryPlace other) => one.CompareTo(other) >= 0;

    public override string ToString() => FormattableString.Invariant($"{Source}.{Arm}.{Seed}.{Stage}.{Attempt}.{At}.{Index}");

    /// <summary>Reads the text form; null where it is none.</summary>
    public static TrajectoryPlace? Parse(string text)
    {
        if (!Form().IsMatch(text))
            return null;
        int[] numbers = [.. text.Split('.').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
    }

    [GeneratedRegex(@"^\d{1,9}(\.\d{1,9}){6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
