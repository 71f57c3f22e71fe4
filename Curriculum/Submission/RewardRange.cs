using Curriculum.Plans;
using Curriculum.Statistics;

namespace Curriculum.Submission;

/// <summary>The least and the highest reward that a stage can give.</summary>
internal readonly record struct RewardRange(double Least, double Most)
{
    /// <summary>Of a stage's reward, what is asked for beside it included; the length penalty is none of it.</summary>
    public static RewardRange Of(SampledStagePlan stage)
    {
        var reward = stage.Reward;
        var first = OfKind(stage.RewardKind, reward);
        // What is malformed keeps its -1 when a similarity is turned round.
        if (reward.Inverse && stage.RewardKind != RewardKind.StepSimilarity)
            first = new(1 - first.Most, 1 - first.Least);
        return reward.And is { } second && OfKind(second, reward) is var other ? new(Math.Min(first.Least, other.Least), Math.Min(first.Most, other.Most)) : first;
    }

    /// <summary>The largest population std that so many rewards can have: half of them at each end, or as near as an odd number comes.</summary>
    public double WidestStd(int rewards)
    {
        var low = rewards / 2;
        return (Most - Least) * Math.Sqrt((double)low * (rewards - low)) / rewards;
    }

    /// <summary>Whether every reward is the same.</summary>
    public bool IsConstant => Rounding.Same(Least, Most);

    private static RewardRange OfKind(RewardKind kind, RewardPlan reward) => kind switch
    {
        RewardKind.StepSimilarity => new(-1, 1),
        RewardKind.Random => new(reward.Gamma >= 1 ? 1 : 0, reward.Gamma > 0 ? 1 : 0),
        _ => new(0, 1),
    };
}
