using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>One way to divide the whole budget between SRL and RLVR.</summary>
public sealed record SequencePoint
{
    public required string Arm { get; init; }

    /// <summary>SRL's share of the budget, 0 to 1.</summary>
    public required double SrlShare { get; init; }

    /// <summary>Whether RLVR comes before SRL.</summary>
    public required bool Reversed { get; init; }

    /// <summary>Primary metric on the first benchmark; null where it could not be evaluated.</summary>
    public Estimate? Accuracy { get; init; }

    /// <summary>
    /// Every arm of SRL and RLVR stages alone that is given the whole budget, by share and then forward before reversed; none where there are neither three shares nor both orders.
    /// </summary>
    internal static IReadOnlyList<SequencePoint> Of(RunPlan plan, IReadOnlyList<ArmVerdict> arms)
    {
        List<SequencePoint> points =
        [
            .. from arm in plan.Arms
               where arm.Stages.Count is 1 or 2 && arm.Share == 1 && arm.Stages.All(stage => stage is SrlPlan or RlvrPlan)
                   && arm.Stages.Select(stage => stage.Method).Distinct().Count() == arm.Stages.Count && !SpuriousRewards.Has(arm)
               let row = arms.First(verdict => verdict.Arm == arm.Name).Benchmarks.FirstOrDefault(benchmark => benchmark.Name == plan.Evaluation.Benchmarks[0].Name)
               let point = new SequencePoint
               {
                   Arm = arm.Name,
                   SrlShare = arm.Stages.OfType<SrlPlan>().Sum(stage => stage.Share),
                   Reversed = arm.Stages.Count == 2 && arm.Stages[0] is RlvrPlan,
                   Accuracy = plan.Evaluation.PrimaryMetric == Metric.Sampled ? row?.Sampled : row?.Greedy,
               }
               orderby point.SrlShare, point.Reversed
               select point,
        ];
        var varied = points.Select(point => point.SrlShare).Distinct().Count() >= 3 || points.Select(point => point.Reversed).Distinct().Count() == 2;
        return varied ? points : [];
    }
}
