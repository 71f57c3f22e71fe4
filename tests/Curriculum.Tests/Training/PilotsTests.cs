using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Training;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class PilotsTests
{
    private static readonly StageState Fresh = States.Begun;
    private static readonly ProfilePlan Plan = new() { AgainEvery = 20 };

    [Fact]
    public void A_stage_without_a_profile_never_pilots_and_one_with_it_pilots_first()
    {
        Assert.False(Pilots.Due(null, Fresh));
        Assert.True(Pilots.Due(Plan, Fresh));
    }

    [Theory]
    [InlineData(39, 1, 0, 0, false)] // 19 iterations after the profile of iteration 20
    [InlineData(40, 1, 0, 0, true)]
    [InlineData(40, 0, 1, 0, true)]
    [InlineData(40, 0, 0, 1, true)]
    [InlineData(40, 0, 0, 0, false)] // nobody is left who could have changed
    public void It_pilots_again_every_so_many_iterations_while_problems_wait(int iteration, int unknown, int hard, int notPiloted, bool expected)
    {
        var progress = Fresh with { Iteration = iteration, Profile = new("blob", 1, 20), Difficulty = Summary(unknown, hard, notPiloted) };
        Assert.Equal(expected, Pilots.Due(Plan, progress));
        Assert.False(Pilots.Due(Plan with { AgainEvery = 0 }, progress));
    }

    private static DifficultySummary Summary(int unknown, int hard, int notPiloted) => new()
    {
        Pilots = 1,
        PilotTokens = 100,
        Aim = 5,
        Band = 5,
        TooEasy = 3,
        AuditFailed = 1,
        Unknown = unknown,
        TooHard = hard,
        NotPiloted = notPiloted,
        Findings = [],
    };
}
