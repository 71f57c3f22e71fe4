using System.Globalization;
using Curriculum.Plans;
using Curriculum.Statistics;

namespace Curriculum.Guards;

/// <summary>Judges what a policy writes: pure functions of the figures.</summary>
/// <remarks>
/// A length that falls, repetition that rises, working that is passed over: the signs of training on problems that are too hard, which come
/// before accuracy falls (arXiv 2605.28388). Rises are held against the stage's own reference, so that a terse family is not alarming as such;
/// block repetition and what is rewarded are held against fixed limits, for a sound policy has none of either.
/// </remarks>
public static class TextGuards
{
    /// <summary>Takes in one iteration's figures and says which guards fire on it for the first time.</summary>
    public static GuardJudgement OnIteration(GuardsPlan plan, GuardState state, TextFigures? figures, int attempt, int iteration)
    {
        if (figures is null)
            return new(state, []);
        IReadOnlyList<TextFigures> recent = [.. state.Recent.TakeLast(plan.Window - 1), figures];
        state = state with { Recent = recent };
        if (recent.Count < plan.Window)
            return new(state, []);
        var now = TextFigures.Mean(recent);
        state = state with { Reference = state.Reference ?? now };
        return Fired(state, Signs(plan, state.Reference, now), attempt, iteration, $"over {plan.Window} iterations");
    }

    /// <summary>Judges the greedy texts of a validation against those of the stage's first.</summary>
    public static GuardJudgement OnValidation(GuardsPlan plan, GuardState state, TextFigures figures, int attempt, int iteration) =>
        state.FirstValidation is { } first
            ? Fired(state, Signs(plan, first, figures), attempt, iteration, "at validation")
            : new(state with { FirstValidation = figures }, []);

    /// <summary>Adds alarms of guards that are on and have not fired in this attempt.</summary>
    internal static GuardJudgement Fired(GuardState state, IEnumerable<Sign> signs, int attempt, int iteration, string when)
    {
        var alarms = new List<GuardAlarm>();
        foreach (var sign in signs)
        {
            if (sign.Action == GuardAction.Off || state.Alarms.Concat(alarms).Any(alarm => alarm.Guard == sign.Guard))
                continue;
            alarms.Add(new()
            {
                Guard = sign.Guard,
                Action = sign.Action,
                Attempt = attempt,
                Iteration = iteration,
                Value = sign.Value,
                Limit = sign.Limit,
                Message = string.Create(CultureInfo.InvariantCulture, $"{sign.What} is {sign.Value:0.###} {when}; {sign.Bound} {sign.Limit:0.###}."),
            });
        }

        return new(state with { Alarms = [.. state.Alarms, .. alarms] }, alarms);
    }

    private static IEnumerable<Sign> Signs(GuardsPlan plan, TextFigures start, TextFigures now)
    {
        if (Rounding.Below(now.MeanTokens, plan.LengthCollapse.MinimumShare * start.MeanTokens))
            yield return Least(GuardKind.LengthCollapse, plan.LengthCollapse.Action, "The mean length in tokens", now.MeanTokens, plan.LengthCollapse.MinimumShare * start.MeanTokens);
        if (Rounding.Above(now.NgramRepetition, start.NgramRepetition + plan.NgramRepetition.MaximumRise))
            yield return Most(GuardKind.NgramRepetition, plan.NgramRepetition.Action, "The share of repeated 3-grams", now.NgramRepetition, start.NgramRepetition + plan.NgramRepetition.MaximumRise);
        if (Rounding.Above(now.BlockRepetition, plan.BlockRepetition.MaximumShare))
            yield return Most(GuardKind.BlockRepetition, plan.BlockRepetition.Action, "The share of completions that repeat a block", now.BlockRepetition, plan.BlockRepetition.MaximumShare);

        var skipped = plan.SkippedComputation;
        if (Above(now.RewardedSkipped, skipped.MaximumRewarded))
            yield return Most(GuardKind.SkippedComputation, skipped.Action, "The skipped share of the working in what is rewarded", now.RewardedSkipped!.Value, skipped.MaximumRewarded);
        if (Above(now.Skipped, start.Skipped + skipped.MaximumRise))
            yield return Most(GuardKind.SkippedComputation, skipped.Action, "The skipped share of the working", now.Skipped!.Value, start.Skipped!.Value + skipped.MaximumRise);
        if (Above(now.BareAnswers, start.BareAnswers + skipped.MaximumBareRise))
            yield return Most(GuardKind.SkippedComputation, skipped.Action, "The share of bare answers", now.BareAnswers!.Value, start.BareAnswers!.Value + skipped.MaximumBareRise);
    }

    // What was not measured is above nothing.
    private static bool Above(double? value, double? limit) => Rounding.Above(value ?? double.NaN, limit ?? double.NaN);

    private static Sign Least(GuardKind guard, GuardAction action, string what, double value, double limit) => new(guard, action, what, value, limit, "the least allowed is");

    internal static Sign Most(GuardKind guard, GuardAction action, string what, double value, double limit) => new(guard, action, what, value, limit, "the most allowed is");

    internal sealed record Sign(GuardKind Guard, GuardAction Action, string What, double Value, double Limit, string Bound);
}

/// <summary>What the guards know now, and the alarms that are new.</summary>
public sealed record GuardJudgement(GuardState State, IReadOnlyList<GuardAlarm> Alarms)
{
    /// <summary>The gravest of the new alarms' actions: off where there is none.</summary>
    public GuardAction Action => Alarms.Select(alarm => alarm.Action).DefaultIfEmpty(GuardAction.Off).Max();
}
