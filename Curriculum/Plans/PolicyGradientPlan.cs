namespace Curriculum.Plans;

/// <summary>A stage that takes a policy gradient over admitted groups.</summary>
public abstract record PolicyGradientPlan : SampledStagePlan
{
    /// <summary>Named settings; what the stage says itself goes before them. Default: the defaults as they stand.</summary>
    public Algorithm? Algorithm { get; init; }

    public AdvantagePlan Advantage { get; init; } = new();

    public LossPlan Loss { get; init; } = new();
}
