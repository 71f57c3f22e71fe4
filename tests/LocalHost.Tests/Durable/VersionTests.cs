using LocalHost.Durable;
using LocalHost.Durable.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class VersionTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_newer_instance_fails_and_an_older_one_runs_where_the_host_takes_current_or_older()
    {
        App.Orchestrator("Says", context => Task.FromResult<object?>(context.CompareVersionTo("1.0")));
        await StartAsync(options => options with
        {
            DefaultVersion = "1.0",
            VersionMatch = VersionMatch.CurrentOrOlder,
            VersionFailure = VersionFailure.Fail,
        });

        await Client.ScheduleNewOrchestrationInstanceAsync("Says", null, new StartOrchestrationOptions("new") { Version = "2.0" }, Token);
        await Client.ScheduleNewOrchestrationInstanceAsync("Says", null, new StartOrchestrationOptions("old") { Version = "0.9" }, Token);

        var newer = await EndOf("new");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, newer.RuntimeStatus);
        Assert.Equal("VersionMismatch", newer.FailureDetails!.ErrorType);
        Assert.Equal("The orchestration version '2.0' is greater than the worker version '1.0'.", newer.FailureDetails.ErrorMessage);
        Assert.Equal(-1, (await EndOf("old")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_strict_host_runs_its_own_version_alone_and_says_which_it_was_asked_for()
    {
        App.Orchestrator("Says", context => Task.FromResult<object?>(context.Version));
        await StartAsync(options => options with
        {
            DefaultVersion = "1.0",
            VersionMatch = VersionMatch.Strict,
            VersionFailure = VersionFailure.Fail,
        });

        foreach (var version in (string[])["0.9", "1.0", "2.0"])
            await Client.ScheduleNewOrchestrationInstanceAsync("Says", null, new StartOrchestrationOptions(version) { Version = version }, Token);

        Assert.Equal("1.0", (await EndOf("1.0")).ReadOutputAs<string>());
        foreach (var version in (string[])["0.9", "2.0"])
        {
            var other = await EndOf(version);
            Assert.Equal(OrchestrationRuntimeStatus.Failed, other.RuntimeStatus);
            Assert.Equal("VersionMismatch", other.FailureDetails!.ErrorType);
            Assert.Equal($"The orchestration version '{version}' does not match the worker version '1.0'.", other.FailureDetails.ErrorMessage);
        }
    }

    [Fact]
    public async Task A_newer_instance_that_is_rejected_waits_for_a_host_of_its_version()
    {
        App.Orchestrator("Says", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync(options => options with { DefaultVersion = "1.0", VersionMatch = VersionMatch.CurrentOrOlder });
        await Client.ScheduleNewOrchestrationInstanceAsync("Says", null, new StartOrchestrationOptions("new") { Version = "2.0" }, Token);
        await Client.RaiseEventAsync("new", "x", 6, Token);

        await CrashAndStartAsync(options => options with { DefaultVersion = "2.0", VersionMatch = VersionMatch.CurrentOrOlder });

        Assert.Equal(6, (await EndOf("new")).ReadOutputAs<int>());
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "1.0", -1)]
    [InlineData("1.0", "", 1)]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("beta", "alpha", 1)]
    public void Versions_are_ordered_by_number_where_they_have_one(string version, string other, int expected) =>
        Assert.Equal(expected, Math.Sign(VersionOrder.Compare(version, other)));
}
