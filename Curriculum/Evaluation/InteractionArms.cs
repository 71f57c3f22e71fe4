using System.Globalization;
using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>The four arms of an interaction, named by the plan or found in it.</summary>
internal static class InteractionArms
{
    private const double Tolerance = 1e-6;

    /// <summary>The plan's own four arms, or the first four that fit; null where there are none.</summary>
    public static InteractionPlan? Of(RunPlan plan)
    {
        if (plan.Evaluation.Interaction is { } named)
            return named;

        var found =
            from start in plan.Arms
            from both in plan.Arms
            from imitation in plan.Arms
            from outcome in plan.Arms
            let candidate = new InteractionPlan { Base = start.Name, Imitation = imitation.Name, Outcome = outcome.Name, Both = both.Name }
            where Fits(start, imitation, outcome, both) is null
            select candidate;
        return found.FirstOrDefault();
    }

    /// <summary>Why four arms make no interaction; null where they do.</summary>
    public static string? Misfit(RunPlan plan, InteractionPlan interaction)
    {
        ArmPlan Find(string name) => plan.Arms.First(arm => arm.Name == name);
        return Fits(Find(interaction.Base), Find(interaction.Imitation), Find(interaction.Outcome), Find(interaction.Both));
    }

    private static string? Fits(ArmPlan start, ArmPlan imitation, ArmPlan outcome, ArmPlan both)
    {
        if (start.Stages.Count != 0)
            return $"Expected a base without stages, found {start.Stages.Count} in '{start.Name}'.";
        if (both.Stages.Count != 2 || imitation.Stages.Count != 1 || outcome.Stages.Count != 1)
            return $"Expected both to have two stages, imitation and outcome one each; found {both.Stages.Count}, {imitation.Stages.Count} and {outcome.Stages.Count}.";
        if (both.Stages[1] is not RlvrPlan)
            return $"Expected the second stage of '{both.Name}' to be RLVR, found {Words.Of(both.Stages[1].Method)}.";
        return Part("imitation", imitation, both, 0) ?? Part("outcome", outcome, both, 1);
    }

    private static string? Part(string role, ArmPlan part, ArmPlan both, int stage)
    {
        var whole = both.Stages[stage];
        if (part.Stages[0] with { Share = whole.Share } != whole)
            return $"Expected the stage of '{part.Name}' ({role}) to be stage {stage} of '{both.Name}' in every setting but its share; they differ.";
        var (wanted, found) = (both.Share * whole.Share, part.Share * part.Stages[0].Share);
        return Math.Abs(wanted - found) <= Tolerance
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"Expected '{part.Name}' ({role}) to be given what '{both.Name}' gives that stage, a share of {wanted:0.######} of the budget; found {found:0.######}. Set its share to {wanted:0.######}.");
    }
}
