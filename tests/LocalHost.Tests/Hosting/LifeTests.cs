using System.Diagnostics;
using System.Net;
using Testing;

namespace LocalHost.Tests.Hosting;

/// <summary>Starts, ends, kills: of the host, of the app's process, of both.</summary>
[Trait("Speed", "slow")]
public sealed class LifeTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_answer_comes_soon_and_before_that_503()
    {
        var clock = Stopwatch.StartNew();
        await using var tiny = await TinySystem.StartAsync();
        var started = clock.Elapsed;
        clock.Restart();
        await tiny.System.KillHostAsync();
        var port = tiny.Client.BaseAddress!.Port;
        await tiny.System.StartHostAsync();
        using var answer = await tiny.Client.GetAsync("api/open", Token);
        output.WriteLine($"with Azurite {started.TotalSeconds:0.0} s, the host alone {clock.Elapsed.TotalSeconds:0.0} s (port {port} before)");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_app_process_that_is_killed_fails_its_activity_is_started_again_and_the_retry_policy_takes_the_activity_up()
    {
        await using var tiny = await TinySystem.StartAsync();
        var file = tiny.File("slow");
        await tiny.BeginAsync("Slow", "slow", $"{file}|4");
        await TinySystem.UntilAsync(() => TinySystem.Lines(file).Count == 1);
        var before = await tiny.AppProcessAsync();

        TinySystem.Kill(before);

        Assert.Equal("Completed", (string)(await tiny.EndOfAsync("slow"))["runtimeStatus"]!);
        Assert.Equal(["began", "began", "ended"], TinySystem.Lines(file));
        Assert.NotEqual(before, await tiny.AppProcessAsync());
        Assert.Contains(tiny.System.Lines("host"), line => line.Contains("The worker process ended with exit code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_app_process_outlives_a_host_that_is_killed_and_its_activity_runs_again_once_its_message_shows()
    {
        await using var tiny = await TinySystem.StartAsync();
        var file = tiny.File("slow");
        await tiny.BeginAsync("Slow", "killed", $"{file}|6");
        await TinySystem.UntilAsync(() => TinySystem.Lines(file).Count == 1);
        var app = await tiny.AppProcessAsync();

        await tiny.System.SignalAsync("host", "KILL");
        await tiny.System.EndOfAsync("host");
        await TinySystem.UntilAsync(() => !TinySystem.IsAlive(app));
        await tiny.System.StartHostAsync();
        var clock = Stopwatch.StartNew();

        await TinySystem.UntilAsync(() => TinySystem.Lines(file).Count(line => line == "began") == 2);
        output.WriteLine($"the activity began again {clock.Elapsed.TotalSeconds:0.0} s after the restart");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 75);
        Assert.Equal("Completed", (string)(await tiny.EndOfAsync("killed"))["runtimeStatus"]!);
        Assert.Equal(["began", "began", "ended"], TinySystem.Lines(file));
    }

    [Fact]
    public async Task A_host_that_is_told_to_stop_lets_its_activity_end_and_nothing_runs_twice()
    {
        await using var tiny = await TinySystem.StartAsync();
        var file = tiny.File("slow");
        await tiny.BeginAsync("Slow", "drained", $"{file}|5");
        await TinySystem.UntilAsync(() => TinySystem.Lines(file).Count == 1);

        await tiny.System.SignalAsync("host", "TERM");
        await TinySystem.UntilAsync(async () =>
        {
            using var answer = await tiny.Client.GetAsync("api/open", Token);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? "refused" : null;
        });
        await tiny.System.EndOfAsync("host").WaitAsync(TimeSpan.FromSeconds(40), Token);
        Assert.Equal(["began", "ended"], TinySystem.Lines(file));

        await tiny.System.StartHostAsync();
        var clock = Stopwatch.StartNew();
        Assert.Equal("Completed", (string)(await tiny.EndOfAsync("drained"))["runtimeStatus"]!);
        output.WriteLine($"the orchestration ended {clock.Elapsed.TotalSeconds:0.0} s after the restart");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        Assert.Equal(["began", "ended"], TinySystem.Lines(file));
    }

    [Fact]
    public async Task What_takes_longer_than_the_functions_time_out_is_ended_with_its_process_and_fails()
    {
        await using var tiny = await TinySystem.StartAsync(new Dictionary<string, string> { ["AzureFunctionsJobHost__functionTimeout"] = "00:00:10" });
        var file = tiny.File("slow");
        var before = await tiny.AppProcessAsync();
        await tiny.BeginAsync("Slow", "long", $"{file}|600");

        Assert.Equal("Failed", (string)(await tiny.EndOfAsync("long"))["runtimeStatus"]!);
        Assert.Equal(["began", "began", "began"], TinySystem.Lines(file));
        Assert.NotEqual(before, await tiny.AppProcessAsync());
    }

    [Fact]
    public async Task A_folder_that_is_no_app_is_refused_with_what_was_expected()
    {
        using var host = Process.Start(new ProcessStartInfo("dotnet", [LocalSystem.Built("LocalHost"), Path.GetTempPath()])
        {
            RedirectStandardError = true,
            Environment = { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" },
        })!;
        var said = await host.StandardError.ReadToEndAsync(Token);
        await host.WaitForExitAsync(Token);
        Assert.Equal(1, host.ExitCode);
        Assert.Matches("^Expected .*host.json; it does not exist. Is .* the output of a Functions app[?]", said);
    }
}
