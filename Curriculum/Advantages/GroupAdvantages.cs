using Curriculum.Plans;
using Curriculum.Statistics;

namespace Curriculum.Advantages;

/// <summary>The advantage of each trajectory over its group: (r - mean) / (std + delta).</summary>
/// <remarks>
/// Population std and delta 1e-6 unless the plan says otherwise; without a std this is Dr. GRPO's r - mean. A lone success among G has
/// sqrt(G - 1) under the population std. A group whose rewards are all equal, but for rounding, has no advantage to give: all zeros. So has a group of one,
/// unless the plan asks for its raw reward, as verl does: there mean 0 and std 1 stand in, which is a reward without a baseline.
/// </remarks>
public static class GroupAdvantages
{
    /// <summary>One advantage for each reward.</summary>
    /// <exception cref="ArgumentException">There is no reward, or one is not finite.</exception>
    public static double[] Of(IReadOnlyList<double> rewards, AdvantagePlan plan)
    {
        if (rewards.Count == 0)
            throw new ArgumentException("Expected at least one reward in a group, found none.", nameof(rewards));
        double sum = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (var reward in rewards)
        {
            if (!double.IsFinite(reward))
                throw new ArgumentException($"Expected finite rewards, found {reward}.", nameof(rewards));
            sum += reward;
            (least, most) = (Math.Min(least, reward), Math.Max(most, reward));
        }

        var advantages = new double[rewards.Count];
        if (rewards.Count == 1 && plan.GroupOfOne == LoneAdvantage.Raw)
            return [plan.Std == StdKind.None ? rewards[0] : rewards[0] / (1 + plan.Delta)];
        if (!Rounding.Above(most, least))
            return advantages;
        var mean = sum / rewards.Count;
        var divisor = plan.Std switch
        {
            StdKind.Population => Std(rewards, mean, rewards.Count) + plan.Delta,
            StdKind.Sample => Std(rewards, mean, rewards.Count - 1) + plan.Delta,
            StdKind.None => 1,
            _ => throw new ArgumentException($"Expected a known kind of std, found '{plan.Std}'.", nameof(plan)),
        };
        for (var index = 0; index < advantages.Length; index++)
            advantages[index] = (rewards[index] - mean) / divisor;
        return advantages;
    }

    /// <summary>The population standard deviation; exactly 0 where all rewards are equal, but for rounding.</summary>
    public static double PopulationStd(IReadOnlyList<double> rewards)
    {
        double sum = 0;
        var equal = true;
        foreach (var reward in rewards)
        {
            sum += reward;
            equal &= Rounding.Same(reward, rewards[0]);
        }

        return equal ? 0 : Std(rewards, sum / rewards.Count, rewards.Count);
    }

    private static double Std(IReadOnlyList<double> rewards, double mean, int divisor)
    {
        double squares = 0;
        foreach (var reward in rewards)
            squares += (reward - mean) * (reward - mean);
        return Math.Sqrt(squares / divisor);
    }
}
