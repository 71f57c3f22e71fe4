using System.Text.Json.Serialization;
using Curriculum.Evaluation.Traces;
using Curriculum.Problems;

namespace Curriculum.Evaluation.Activation;

/// <summary>How a response goes about its problem.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Strategy>))]
public enum Strategy
{
    /// <summary>No answer in the expected form.</summary>
    [JsonStringEnumMemberName("no-answer")]
    NoAnswer,

    /// <summary>An answer without any working.</summary>
    [JsonStringEnumMemberName("bare-answer")]
    BareAnswer,

    /// <summary>Working with fewer steps than the problem has operations.</summary>
    [JsonStringEnumMemberName("partial-working")]
    PartialWorking,

    /// <summary>A step for every operation, right or wrong.</summary>
    [JsonStringEnumMemberName("full-working")]
    FullWorking,
}

/// <summary>Tells strategies, and what changing them brought (the partial contributions of Shao et al. 2025).</summary>
public static class Strategies
{
    /// <summary>The strategy of one response; in a family whose steps cannot be read, any equation is full working.</summary>
    public static Strategy Of(Problem problem, string text)
    {
        if (!ProblemFamilies.Get(problem.Family).Verify(problem, text).WellFormed)
            return Strategy.NoAnswer;
        if (!Trace.CanRead(problem.Family))
            return text.Contains('=', StringComparison.Ordinal) ? Strategy.FullWorking : Strategy.BareAnswer;
        var trace = Trace.Of(problem, text);
        var operations = trace.Steps.Where(step => step.Text.Length > 0 && step.Operation is not null).Select(step => step.Operation).Distinct().Count();
        return trace.Written == 0 ? Strategy.BareAnswer : operations < trace.Operations ? Strategy.PartialWorking : Strategy.FullWorking;
    }

    /// <summary>For each pair of strategies before and after, how often it occurs and what it adds to the accuracy.</summary>
    /// <remarks>Contribution of a pair = sum over its responses of (right after - right before) / all responses. The contributions sum to the net gain.</remarks>
    public static IReadOnlyList<StrategySwitch> Switches(IReadOnlyList<StrategyPair> pairs) => [.. pairs
        .GroupBy(pair => (pair.Before, pair.After))
        .OrderBy(group => group.Key)
        .Select(group => new StrategySwitch(
            group.Key.Before, group.Key.After, (double)group.Count() / pairs.Count,
            (double)group.Sum(pair => (pair.RightAfter ? 1 : 0) - (pair.RightBefore ? 1 : 0)) / pairs.Count))];
}

/// <summary>One problem answered before and after training.</summary>
public readonly record struct StrategyPair(Strategy Before, bool RightBefore, Strategy After, bool RightAfter);

/// <summary>One pair of strategies.</summary>
/// <param name="Before">Of the base.</param>
/// <param name="After">Of the trained policy.</param>
/// <param name="Share">Of all responses.</param>
/// <param name="Contribution">To the gain in accuracy.</param>
public sealed record StrategySwitch(Strategy Before, Strategy After, double Share, double Contribution);
