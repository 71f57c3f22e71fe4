using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>Tells arms whose reward says nothing true of the answer: controls, beside which a true reward must show what it is worth.</summary>
internal static class SpuriousRewards
{
    public static bool Has(ArmPlan arm) => arm.Stages.OfType<SampledStagePlan>().Any(stage => IsSpurious(stage.Reward));

    // A compound asks for both, so one informative part makes it informative. A majority of the base's own answers is a label, if a weak one.
    private static bool IsSpurious(RewardPlan reward) => reward.Inverse || (IsSpurious(reward.Kind) && (reward.And is null || IsSpurious(reward.And.Value)));

    private static bool IsSpurious(RewardKind kind) => kind is RewardKind.Random or RewardKind.Format or RewardKind.Incorrect;
}
