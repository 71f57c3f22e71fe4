using System.Globalization;
using Curriculum.Verifiers;

namespace Curriculum.Tests.Verifiers;

[Trait("Speed", "fast")]
public sealed class MathVerifierFuzzTests
{
    private const int Rounds = 60_000;
    private const int Seed = 20_26;

    [Fact]
    public void No_near_miss_is_accepted_and_at_most_one_rewriting_in_a_thousand_is_refused()
    {
        var random = new Random(Seed);
        var (pairs, misses, rewritings) = (0, new List<string>(), new List<string>());
        for (var round = 0; round < Rounds; round++)
        {
            var drawn = GeneratedAnswers.Kinds[round % GeneratedAnswers.Kinds.Count](random);
            // What comes first is the reference, and each way of writing it is in its turn.
            pairs += 2;
            if (!MathVerifier.Verify($"So it is \\boxed{{{drawn.Rewritten}}}.", drawn.Reference).Accepted)
                rewritings.Add($"{drawn.Kind}: {drawn.Rewritten} for {drawn.Reference}: {MathVerifier.Compare(drawn.Rewritten, drawn.Reference)}");
            if (MathVerifier.Compare(drawn.Miss, drawn.Reference).Accepted || MathVerifier.Compare(drawn.Reference, drawn.Miss).Accepted)
                misses.Add($"{drawn.Kind}: {drawn.Miss} for {drawn.Reference}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pairs} pairs, {misses.Count} near misses accepted, {rewritings.Count} rewritings refused"));
        Assert.True(pairs >= 100_000, $"{pairs} pairs");
        Assert.True(misses.Count == 0, $"{misses.Count}: {string.Join("\n", misses.Take(40))}");
        Assert.True(rewritings.Count <= pairs / 2 / 1_000, $"{rewritings.Count}: {string.Join("\n", rewritings.DistinctBy(text => text[..5]).Concat(rewritings).Take(60))}");
    }
}
