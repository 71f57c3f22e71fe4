using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class ProfilingTests
{
    private static readonly ProfilePlan Plan = new();

    private static readonly IReadOnlyList<Problem> Pool = new TwoDials().Create(new() { Family = "two-dials", Count = 9, Seed = 5, Difficulty = [4] }, null);

    [Theory]
    [InlineData(0, DifficultyClass.Unknown)]
    [InlineData(1, DifficultyClass.TooHard)] // 0.125 < 0.2
    [InlineData(2, DifficultyClass.Band)] // 0.25
    [InlineData(3, DifficultyClass.Aim)] // 0.375
    [InlineData(4, DifficultyClass.Aim)] // 0.5, the aim's end
    [InlineData(5, DifficultyClass.Band)]
    [InlineData(6, DifficultyClass.Band)] // 0.75
    [InlineData(7, DifficultyClass.TooEasy)] // 0.875 > 0.8
    [InlineData(8, DifficultyClass.TooEasy)]
    public void The_share_of_right_rollouts_puts_a_problem_into_its_class(int right, DifficultyClass expected) =>
        Assert.Equal(expected, Profile(right).Problems[0].Class);

    [Fact]
    public void A_profile_orders_and_defers_and_removes_nothing()
    {
        var profile = Profile(0, 1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal(Pool.Select(problem => problem.Id), profile.Problems.Select(problem => problem.Problem));
        Assert.Equal([[3, 4], [2, 5, 6]], profile.Tiers());
        var summary = profile.Summarise(1, 1000);
        Assert.Equal((2, 3, 2, 1, 1, 0, 0, 4), (summary.Aim, summary.Band, summary.TooEasy, summary.TooHard, summary.Unknown, summary.AuditFailed, summary.NotPiloted, summary.Deferred));
        Assert.False(summary.FellBack);
    }

    [Fact]
    public void An_empty_band_falls_back_to_the_whole_pool()
    {
        var profile = Profile(0, 0, 8, 1, 0, 0, 0, 0, 0);
        Assert.Equal([[0, 1, 2, 3, 4, 5, 6, 7, 8]], profile.Tiers());
        Assert.True(profile.Summarise(1, 0).FellBack);
    }

    [Fact]
    public void Every_epoch_takes_the_aim_first_then_the_rest_of_the_band()
    {
        IReadOnlyList<IReadOnlyList<int>> tiers = [[3, 4, 8], [2, 5]];
        var epochs = Enumerable.Range(0, 4).SelectMany(i => PoolSampler.Draw(tiers, 5, "k", i, 0)).Chunk(5).ToList();
        Assert.All(epochs, epoch =>
        {
            Assert.Equal([3, 4, 8], epoch[..3].Order());
            Assert.Equal([2, 5], epoch[3..].Order());
        });
        Assert.True(epochs.Select(epoch => string.Join(',', epoch)).Distinct().Count() > 1);
    }

    [Fact]
    public void Deferred_problems_are_piloted_again_and_join_the_band_when_the_policy_has_learned()
    {
        var profile = Profile(0, 0, 8, 4, 1, 0, 0, 0, 0);
        // Neither the one that is too easy nor the one in the aim is asked again.
        Assert.Equal([0, 1, 4, 5, 6, 7, 8], Profiling.Next(profile, Plan, "k"));
        var some = Profiling.Next(profile, Plan with { AgainProblems = 3 }, "k");
        Assert.Equal(3, some.Distinct().Count());

        var later = Profiling.TakeIn(profile, Plan, Pool, some.Select(index => Group(index, 4)), iteration: 20);
        Assert.Equal((1, 20), (later.Ordinal, later.Iteration));
        Assert.All(some, index => Assert.Equal(DifficultyClass.Aim, later.Problems[index].Class));
        Assert.Equal(profile.Problems[2], later.Problems[2]);
        // Those that were not asked this time come first the next.
        Assert.Empty(Profiling.Next(later, Plan with { AgainProblems = 4 }, "k").Intersect(some));
    }

    [Fact]
    public void Of_a_large_pool_so_many_are_piloted_and_the_others_are_deferred_until_their_turn()
    {
        var first = Profiling.Next(Profiling.Unpiloted(Pool), Plan with { Problems = 4 }, "k");
        Assert.Equal(4, first.Distinct().Count());
        var profile = Profiling.TakeIn(Profiling.Unpiloted(Pool), Plan, Pool, first.Select(index => Group(index, 0)), 0);
        Assert.Equal((4, 5), (profile.Of(DifficultyClass.Unknown).Count, profile.Of(DifficultyClass.NotPiloted).Count));
        // The five that were never piloted come before the four that were.
        Assert.Empty(Profiling.Next(profile, Plan with { AgainProblems = 5 }, "k").Intersect(first));
    }

    [Fact]
    public void A_problem_with_a_wrong_label_fails_its_audit_and_is_deferred_with_the_finding()
    {
        var wrong = Pool[0] with { Answer = Pool[0].Answer == "00" ? "01" : "00", Steps = [] };
        var profile = Profiling.TakeIn(Profiling.Unpiloted([wrong]), Plan, [wrong], [Group(0, 0)], 0);
        Assert.Equal(DifficultyClass.AuditFailed, profile.Problems[0].Class);
        Assert.Contains($"The question comes to {Pool[0].Answer}", profile.Summarise(1, 0).Findings[0], StringComparison.Ordinal);
        Assert.Empty(Profiling.Next(profile, Plan, "k"));
    }

    [Fact]
    public void Audits_accept_sound_problems_of_every_family_and_name_what_is_wrong_with_others()
    {
        var calculation = new RandomCalculation().Create(new() { Family = "random-calculation", Count = 20, Seed = 3, Difficulty = [1, 5] }, null);
        Problem[] sound = [.. Pool, .. calculation, new() { Id = "g", Family = "gsm8k", Question = "?", Answer = "72", Steps = ["48/2=24\n", "#### 72\u0003"] }];
        Assert.All(sound, problem => Assert.Null(LabelAudit.Of(problem)));
        Assert.Contains("does not accept", LabelAudit.Of(sound[^1] with { Answer = "many" }), StringComparison.Ordinal);
        Assert.Contains("solution does not end", LabelAudit.Of(sound[^1] with { Answer = "73" }), StringComparison.Ordinal);
    }

    private static DifficultyProfile Profile(params int[] right) => Profiling.TakeIn(
        Profiling.Unpiloted(Pool), Plan, Pool, right.Select((correct, index) => Group(index, correct)), 0);

    private static TrajectoryGroup Group(int problem, int correct) =>
        AdmitTests.Group(Pool[problem].Id, [.. Enumerable.Range(0, 8).Select(i => i < correct ? 1.0 : 0)]);
}
