using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Rollouts;

namespace GpuWorker.Tests.Rollouts;

[Trait("Speed", "fast")]
public sealed class KeptSamplesTests
{
    private static readonly Verification Right = new(true, true, true);
    private static readonly Verification Wrong = new(true, false, false);

    [Fact]
    public void Every_sample_is_kept_with_whether_it_is_right()
    {
        var kept = new KeptSamples(100).Of(["#1$", "#2$"], [Right, Wrong]);
        Assert.Equal([new("#1$", true), new("#2$", false)], kept);
    }

    [Fact]
    public void A_problem_s_samples_are_kept_whole_or_not_and_none_after_the_first_that_do_not_fit()
    {
        // Two bytes a character.
        var samples = new KeptSamples(10);
        Assert.NotNull(samples.Of(["éé", "é"], [Right, Right]));
        Assert.Null(samples.Of(["ééé"], [Right]));
        Assert.Null(samples.Of(["e"], [Right]));
    }

    [Fact]
    public void Without_samples_or_without_room_nothing_is_kept()
    {
        Assert.Null(new KeptSamples(10).Of([], []));
        Assert.Null(new KeptSamples(0).Of(["x"], [Right]));
    }
}
