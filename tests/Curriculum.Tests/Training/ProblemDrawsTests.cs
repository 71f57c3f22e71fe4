using CsCheck;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class ProblemDrawsTests
{
    /// <summary>Pools, batches and the moment of the failure at random, also at the ends of epochs; a retry is a run of another name.</summary>
    [Fact]
    public void Over_a_failure_and_a_retry_no_problem_is_skipped_or_repeated() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 6], Gen.Int[0, 100]).Sample((size, count, at) =>
        {
            var setting = PlayedStage.Of($$"""{ "method": "rlvr", "problemsPerIteration": {{count}}, "rolloutItems": 1 }""", "draws").Setting;
            setting = setting with { Pool = [.. setting.Pool.Take(size)] };
            var draws = ((3 * size) + count - 1) / count;
            var failsAfter = 1 + (at % draws);
            var retried = setting with { Key = setting.Key.In(RunId.Parse("retry")) };

            var undisturbed = Draw(setting, 0, draws);
            var resumed = Draw(setting, 0, failsAfter).Concat(Draw(retried, failsAfter, draws - failsAfter)).ToList();

            Assert.Equal(undisturbed, resumed);
            Assert.All(resumed.Take(3 * size).Chunk(size), epoch => Assert.Equal(size, epoch.Distinct().Count()));
        });

    private static IEnumerable<string> Draw(StageSetting setting, int first, int count) =>
        Enumerable.Range(first, count).SelectMany(iteration => new ProblemDraws(setting, null, null).Draw(iteration, 0)).Select(problem => problem.Id);
}
