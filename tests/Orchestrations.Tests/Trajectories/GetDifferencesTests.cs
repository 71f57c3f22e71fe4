using System.Net;
using System.Text.Json;
using Curriculum.Evaluation;
using Curriculum.Work;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;
using Orchestrations.Tests.Reports;
using Orchestrations.Tests.Runs;

namespace Orchestrations.Tests.Trajectories;

/// <summary>Two concluded runs over HTTP: in pairs where they answered the same problems, and why not elsewhere.</summary>
[Trait("Speed", "slow")]
public sealed class GetDifferencesTests
{
    private static readonly string Verdict = JsonSerializer.Serialize(SampleReport.Create().Verdict with { Benchmark = "fresh" }, VerdictJson.Default.RunVerdict);

    [Fact]
    public async Task Arms_of_two_runs_are_held_to_each_other_problem_by_problem()
    {
        await using var app = await AppHost.StartAsync();
        await ConcludeAsync(app, "one", problem => problem % 2 == 0);
        await ConcludeAsync(app, "two", problem => problem % 4 == 0);

        var found = await AskAsync(app, "api/runs/one/differences?to=two");

        Assert.Equal(("one", "two", "fresh"), (found.Run, found.To, found.Benchmark));
        var srl = found.Arms.Single(arm => arm.Arm == "srl");
        // Three of four samples are right where an answer is; a quarter of the problems differ.
        Assert.Equal(0.1875, srl.Difference!.Value, 1e-12);
        Assert.InRange(srl.Difference.Low, 0.1, 0.18);
        Assert.InRange(srl.Difference.High, 0.19, 0.27);
        Assert.Equal([1, 2, 3], srl.Seeds);
        Assert.Null(srl.Unpaired);
        Assert.Equal("Their answers are not there any more.", found.Arms.Single(arm => arm.Arm == "rlvr").Unpaired);
        Assert.Equal(-0.1875, (await AskAsync(app, "api/runs/two/differences?to=one")).Arms.Single(arm => arm.Arm == "srl").Difference!.Value, 1e-12);
    }

    [Fact]
    public async Task Other_problems_under_the_same_ids_make_no_pairs()
    {
        await using var app = await AppHost.StartAsync();
        await ConcludeAsync(app, "one", _ => true);
        await ConcludeAsync(app, "two", _ => true);
        var pool = FrozenRun.PoolName("two", FrozenRun.BenchmarkPool("fresh"));
        var problems = await app.Services.GetRequiredService<FrozenRun>().PoolAsync(RunId.Parse("one"), FrozenRun.BenchmarkPool("fresh"), TestContext.Current.CancellationToken);
        await app.OverwriteAsync(
            StorageNames.RunsContainer, pool,
            JsonSerializer.Serialize((IReadOnlyList<Curriculum.Problems.Problem>)[problems[0] with { Question = "another" }, .. problems.Skip(1)], CurriculumJson.Default.IReadOnlyListProblem));

        var srl = (await AskAsync(app, "api/runs/one/differences?to=two")).Arms.Single(arm => arm.Arm == "srl");
        Assert.Equal((null, "They answered other problems."), (srl.Difference, srl.Unpaired));
    }

    private static async Task ConcludeAsync(AppHost app, string run, Func<int, bool> isRight)
    {
        await app.SubmitAsync(run);
        foreach (var seed in (int[])[1, 2, 3])
            await StoredTrajectories.AnswerAsync(app, run, "srl", seed, isRight);
        await app.OverwriteAsync(StorageNames.RunsContainer, StorageNames.Verdict(run), Verdict);
    }

    private static async Task<RunDifferences> AskAsync(AppHost app, string path)
    {
        var (code, body) = await app.SendAsync(HttpMethod.Get, path);
        Assert.True(code == HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize(body, ApiJson.Default.RunDifferences)!;
    }
}
