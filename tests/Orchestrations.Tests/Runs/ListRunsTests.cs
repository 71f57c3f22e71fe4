using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;

namespace Orchestrations.Tests.Runs;

/// <summary>Runs are listed a page at a time, the newest first, and those that are not asked for are not read.</summary>
[Trait("Speed", "slow")]
public sealed class ListRunsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_hold_each_run_once_the_newest_first_also_where_runs_come_and_go_between_them()
    {
        await using var app = await AppHost.StartAsync();
        var submitted = new List<string>();
        for (var n = 0; n < 5; n++)
            submitted.Add(await app.SubmitAsync(string.Create(CultureInfo.InvariantCulture, $"run-{n}")));

        var first = await app.ListAsync("?limit=2");
        Assert.Equal(["run-4", "run-3"], first.Runs.Select(run => run.Id));
        // One more is no part of the pages that were begun; the last of the first page may go.
        await app.SubmitAsync("run-5");
        await app.ConcludeAsync("run-3", RunState.Completed);
        await app.PurgeAsync("run-3");
        var second = await app.ListAsync($"?limit=2&before={first.Next}");
        Assert.Equal(["run-2", "run-1"], second.Runs.Select(run => run.Id));
        var third = await app.ListAsync($"?limit=2&before={second.Next}");
        Assert.Equal(["run-0"], third.Runs.Select(run => run.Id));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task Runs_are_chosen_by_the_beginning_of_their_ids_and_by_not_having_ended()
    {
        await using var app = await AppHost.StartAsync();
        foreach (var key in (string[])["a-1", "b-1", "a-2", "b-2"])
            await app.SubmitAsync(key);
        await app.ConcludeAsync("a-1", RunState.Failed);

        Assert.Equal(["a-2", "a-1"], (await app.ListAsync("?prefix=a-")).Runs.Select(run => run.Id));
        Assert.Equal(["b-2", "a-2", "b-1"], (await app.ListAsync("?unfinished=true")).Runs.Select(run => run.Id));
        Assert.Equal(["a-2"], (await app.ListAsync("?unfinished=true&prefix=a-")).Runs.Select(run => run.Id));
    }

    [Fact]
    public async Task Runs_are_searched_ordered_and_chosen_by_state_page_by_page()
    {
        await using var app = await AppHost.StartAsync();
        foreach (var key in (string[])["b-one", "a-two", "c-one", "d-two", "e-one"])
            await app.SubmitAsync(key);
        foreach (var key in (string[])["a-two", "e-one"])
            await app.ConcludeAsync(key, RunState.Failed);

        Assert.Equal(["e-one", "c-one", "b-one"], await AllAsync("search=ONE"));
        Assert.Equal(["b-one", "a-two", "c-one", "d-two", "e-one"], await AllAsync("order=oldest"));
        Assert.Equal(["a-two", "b-one", "c-one", "d-two", "e-one"], await AllAsync("order=id"));
        Assert.Equal(["e-one", "a-two"], await AllAsync("state=failed"));
        Assert.Equal(["d-two", "c-one", "b-one"], await AllAsync("state=running"));
        Assert.NotNull((await app.ListAsync("?arms=true&limit=1")).Runs[0].Usage);

        async Task<List<string>> AllAsync(string query)
        {
            var (found, before) = (new List<string>(), "");
            do
            {
                var page = await app.ListAsync($"?{query}&limit=2{before}");
                found.AddRange(page.Runs.Select(run => run.Id));
                before = page.Next is null ? "" : $"&before={page.Next}";
            }
            while (before.Length > 0);
            return found;
        }
    }

    [Theory]
    [InlineData("order=best")]
    [InlineData("state=7")]
    [InlineData("arms=all")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("before=yesterday")]
    [InlineData("unfinished=2")]
    public async Task A_query_that_cannot_be_read_is_refused(string query)
    {
        await using var app = await AppHost.StartAsync();
        var refused = await app.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, $"api/runs?{query}");
        Assert.Equal(ProblemCode.InvalidQuery, refused.Code);
        Assert.StartsWith($"Expected {query.Split('=')[0]} ", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_a_crash_kept_out_of_the_index_is_listed()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("whole");
        await app.SubmitAsync("cut-off");
        await app.Services.GetRequiredService<RunIndex>().RemoveAsync("cut-off", Cancelled);

        Assert.Equal(["cut-off", "whole"], (await app.ListAsync()).Runs.Select(run => run.Id).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await app.ListAsync()).Runs.Count);
    }

    [Fact]
    public async Task No_run_that_a_page_does_not_show_is_asked_about()
    {
        await using var app = await AppHost.StartAsync();
        for (var n = 0; n < 6; n++)
            await app.SubmitAsync(string.Create(CultureInfo.InvariantCulture, $"run-{n}"));
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        app.Storage.Sees = (method, path) => asked.Enqueue($"{method} {path}");

        await app.ListAsync("?limit=2");
        await app.SendAsync(HttpMethod.Get, "api/runs/run-5");

        foreach (var shown in (string[])["run-5", "run-4"])
            Assert.Contains(asked, request => request.Contains($"/runs/{shown}/plan.json", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, request => System.Text.RegularExpressions.Regex.IsMatch(request, "run-[0-3]"));
    }
}
