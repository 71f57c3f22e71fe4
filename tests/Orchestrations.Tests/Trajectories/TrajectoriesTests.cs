using System.Net;
using System.Text.Json;
using Curriculum.Evaluation.Traces;
using Orchestrations.Tests.Hosting;
using Orchestrations.Tests.Runs;

namespace Orchestrations.Tests.Trajectories;

/// <summary>Trajectories over HTTP: filters, pages, and one by its link.</summary>
[Trait("Speed", "slow")]
public sealed class TrajectoriesTests
{
    [Fact]
    public async Task Pages_follow_one_another_without_a_gap_and_filters_choose_among_them()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("read");
        await StoredTrajectories.WriteAsync(app, "read");
        await StoredTrajectories.AnswerAsync(app, "read", "base", 0, problem => problem % 4 >= 2);
        await StoredTrajectories.AnswerAsync(app, "read", "srl", 1, problem => problem % 2 == 1);

        var whole = await AllAsync(app, "limit=200");
        Assert.Equal(24 + 512, whole.Count);
        Assert.Equal(whole.Count, whole.Select(entry => entry.Key).Distinct().Count());
        Assert.Equal(whole.Select(entry => entry.Key), (await AllAsync(app, "limit=7")).Select(entry => entry.Key));

        var groups = await AllAsync(app, "source=rollout&iteration=1");
        Assert.All(groups, group => Assert.Equal((1, "rlvr", 4), (group.Iteration, group.Arm, group.Rewards!.Count)));
        Assert.Equal(8, groups.Count);
        Assert.All(await AllAsync(app, "source=rollout&minReward=0.5"), group => Assert.True(group.Rewards!.Average() >= 0.5 && group.Admitted == true && group.Correct == true));
        Assert.Equal(24, (await AllAsync(app, "source=rollout&minReward=0.5")).Count + (await AllAsync(app, "source=rollout&maxReward=0.3")).Count);

        // Won by srl and lost by the base, and the other three.
        foreach (var (pattern, remainder) in ((string, int)[])[("neither", 0), ("won", 1), ("lost", 2), ("both", 3)])
        {
            var found = await AllAsync(app, $"source=benchmark&arm=srl&against=base&pattern={pattern}");
            Assert.Equal(64, found.Count);
            Assert.All(found, entry => Assert.Equal(remainder, int.Parse(entry.Key.Split('.')[^1], System.Globalization.CultureInfo.InvariantCulture) % 4));
        }
    }

    [Fact]
    public async Task One_group_shows_its_problem_its_completions_their_rewards_advantages_and_how_they_are_read()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("read");
        await StoredTrajectories.WriteAsync(app, "read");
        var entry = (await AllAsync(app, "source=rollout&minReward=0.4&maxReward=0.6"))[0];

        var detail = await OneAsync(app, entry.Key);

        Assert.Equal(JsonSerializer.Serialize(entry, ApiJson.Default.TrajectoryEntry), JsonSerializer.Serialize(detail.Entry, ApiJson.Default.TrajectoryEntry));
        Assert.Equal(entry.Question, detail.Problem!.Question);
        Assert.Equal(12, detail.GroupsSampled);
        Assert.Equal([1, 1, 0, 0], detail.Completions.Select(completion => completion.Reward!.Value));
        Assert.Equal([1, 1, -1, -1], detail.Completions.Select(completion => Math.Round(completion.Advantage!.Value, 3)));
        Assert.Equal((true, null), (detail.Completions[0].Verifier!.Correct, detail.Completions[0].Verifier!.Reason));
        Assert.Equal((false, "it does not have the expected form"), (detail.Completions[2].Verifier!.Correct, detail.Completions[2].Verifier!.Reason));
        Assert.All(detail.Completions[0].Steps.SkipLast(1), step => Assert.Equal(StepTag.Sound, step.Tag));
        Assert.Equal([-0.5f, -1, -1.5f], detail.Completions[0].LogProbs);
    }

    [Fact]
    public async Task An_answer_to_a_benchmark_stands_beside_every_other_arms()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("read");
        await StoredTrajectories.AnswerAsync(app, "read", "base", 0, _ => false);
        await StoredTrajectories.AnswerAsync(app, "read", "srl", 1, _ => true);
        await StoredTrajectories.AnswerAsync(app, "read", "srl", 2, problem => problem == 200);

        var detail = await OneAsync(app, "benchmark.srl.2.fresh.200");

        Assert.Equal([("base", 0, false), ("srl", 1, true), ("srl", 2, true)], detail.Others.Select(other => (other.Arm, other.Seed, other.Correct!.Value)));
        Assert.All(detail.Others, other => Assert.Equal(detail.Problem!.Id, other.Problem));
        Assert.Equal(string.Concat(detail.Problem!.Steps), Assert.Single(detail.Completions).Text);
        Assert.Equal([true, true, true, false], detail.Samples!.Select(sample => sample.Correct!.Value));
        Assert.Equal([true, true, true, false], detail.Samples!.Select(sample => sample.Verifier!.Correct));
        Assert.Null((await OneAsync(app, "benchmark.srl.2.fresh.201")).Samples);
    }

    private static async Task<List<TrajectoryEntry>> AllAsync(AppHost app, string query)
    {
        var (found, after) = (new List<TrajectoryEntry>(), "");
        do
        {
            var (code, body) = await app.SendAsync(HttpMethod.Get, $"api/runs/read/trajectories?{query}{after}");
            Assert.True(code == HttpStatusCode.OK, body);
            var page = JsonSerializer.Deserialize(body, ApiJson.Default.TrajectoryList)!;
            found.AddRange(page.Trajectories);
            after = page.Next is null ? "" : $"&after={page.Next}";
        }
        while (after.Length > 0);
        return found;
    }

    private static async Task<TrajectoryDetail> OneAsync(AppHost app, string key)
    {
        var (code, body) = await app.SendAsync(HttpMethod.Get, $"api/runs/read/trajectories/{key}");
        Assert.True(code == HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize(body, ApiJson.Default.TrajectoryDetail)!;
    }
}
