using Curriculum.Findings;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Tests.Work;

[Trait("Speed", "fast")]
public sealed class LivenessTests
{
    private static readonly DateTimeOffset Sent = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);
    private static readonly LimitsPlan Limits = new() { StalledSeconds = 120, Redispatches = 3, LostMessageSeconds = 3600 };

    [Theory]
    [InlineData(0, LivenessAction.Wait)]
    [InlineData(121, LivenessAction.Wait)] // queued is not stalled
    [InlineData(3600, LivenessAction.Wait)]
    [InlineData(3601, LivenessAction.Redispatch)]
    public void A_queued_item_waits_for_a_worker_until_its_message_may_be_lost(int seconds, LivenessAction expected)
    {
        var verdict = Judge(seconds, null);
        Assert.Equal(expected, verdict.Action);
        Assert.False(verdict.Stalled);
    }

    [Fact]
    public void A_queued_item_never_fails_for_waiting() => Assert.Equal(LivenessAction.Redispatch, Judge(999_999, null, stalls: 99).Action);

    [Theory]
    [InlineData(1000, 880, LivenessAction.Wait)] // 120 s without progress are borne
    [InlineData(1000, 879, LivenessAction.Redispatch)]
    [InlineData(100_000, 99_990, LivenessAction.Wait)] // long work that moves is alive
    public void A_stall_counts_from_the_last_progress(int now, int progress, LivenessAction expected) =>
        Assert.Equal(expected, Judge(now, Claim(5, progress)).Action);

    [Theory]
    [InlineData(0, LivenessAction.Redispatch)]
    [InlineData(2, LivenessAction.Redispatch)]
    [InlineData(3, LivenessAction.Fail)]
    public void Only_so_many_stalls_are_borne(int stalls, LivenessAction expected)
    {
        var verdict = Judge(1000, Claim(5, 10), stalls);
        Assert.Equal(expected, verdict.Action);
        Assert.True(verdict.Stalled);
        Assert.Contains("no progress for 990 s", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("w1", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_released_claim_is_queued_from_its_last_progress_on()
    {
        var released = Claim(5, 1000) with { Released = true };
        Assert.Equal(LivenessAction.Wait, Judge(4600, released).Action);
        Assert.Equal(LivenessAction.Redispatch, Judge(4601, released).Action);
    }

    [Fact]
    public void A_claim_from_before_the_last_dispatch_is_no_worker()
    {
        // Stalled at -500 s, sent again at 0: whoever takes it next has not yet.
        Assert.Equal(LivenessAction.Wait, Judge(300, Claim(-900, -500), stalls: 1).Action);
        Assert.Equal(LivenessAction.Redispatch, Judge(3601, Claim(-900, -500), stalls: 3).Action);
    }

    [Fact]
    public void A_stored_result_ends_every_question() =>
        Assert.Equal(LivenessAction.Done, Liveness.Judge(Sent.AddDays(9), Sent, Claim(0, 0), resultStored: true, Limits, 99).Action);

    private static LivenessVerdict Judge(int now, WorkClaim? claim, int stalls = 0) =>
        Liveness.Judge(Sent.AddSeconds(now), Sent, claim, resultStored: false, Limits, stalls);

    private static WorkClaim Claim(int started, int progress) =>
        new() { Worker = "w1", StartedAt = Sent.AddSeconds(started), LastProgress = Sent.AddSeconds(progress), Progress = 0.5 };
}
