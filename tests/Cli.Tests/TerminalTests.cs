using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cli.Terminal;

namespace Cli.Tests;

/// <summary>The command line as a person uses it, over a small run on real processes.</summary>
[Trait("Speed", "slow")]
public sealed class TerminalTests : IDisposable
{
    private const string Plan = """
        {
          "name": "tiny",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 64, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "amount": 60000 },
          "seeds": [1],
          "arms": [{ "name": "base" }, { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 8, "updatesPerItem": 4, "checkpointEvery": 8 }] }],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 16, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 32, "seed": 3003, "difficulty": [8] }],
            "curriculum": "sft", "samples": 2, "bootstrapDraws": 500, "audit": null
          }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cli-");

    private string Data => Path.Combine(_folder.FullName, "local");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_run_is_interrupted_in_each_phase_and_goes_on_where_it_stood()
    {
        if (!Person.HasTerminal)
            Assert.Skip("Expected the program 'script' of util-linux, which gives a command a terminal; found none.");
        var plan = At("tiny.json", Plan);
        string[] run = ["run", plan, "--workers", "1", "--as-built", "--configuration", Person.Configuration];

        await StoppedAsync("Starting the storage", "Stopped", run);
        await StoppedAsync("Building LocalHost", "Stopped", "run", plan, "--configuration", "Release");
        await StoppedAsync("Starting the host and 1 worker", "Stopped", run);

        // The live view draws over itself; what it says last stays.
        var told = await StoppedAsync(@"sft\s.*1/1 sft", @"The same command continues run tiny-\w+-1 where it stands", run);
        Assert.Contains("\u001b[", told.Output, StringComparison.Ordinal);
        Assert.Contains("╭", told.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", told.Words, StringComparison.Ordinal);

        await using var again = Person.Redirected(Data, run);
        Assert.True(await again.EndAsync() == Exit.Done, again.Output + again.Faults);
        Assert.Matches(@"Run tiny-\w+-1 is unfinished: it continues", again.Output);
        Assert.Matches(@"(?m)^sft/1  1/1 sft  iteration \d+.*completed$", again.Output);
        Assert.DoesNotContain('\u001b', again.Output);
        Assert.Contains("Too few seeds", again.Output, StringComparison.Ordinal);
        var id = Regex.Match(again.Output, @"tiny-\w+-1").Value;
        Assert.True(File.Exists(Path.Combine(Data, "runs", id, "report.html")));

        // The verdict is there without any host.
        var verdict = await Person.DoAsync(Data, "verdict", id, "--json");
        Assert.Equal("tiny", (string)JsonNode.Parse(verdict.Output)!["name"]!);
        Assert.Equal("", verdict.Faults);
    }

    [Fact]
    public async Task A_host_of_this_machine_takes_every_command()
    {
        var plan = At("tiny.json", Plan);
        var longer = At("longer.json", Plan.Replace("60000", "60000000", StringComparison.Ordinal).Replace("tiny", "longer", StringComparison.Ordinal));
        await using var host = Person.Redirected(Data, "start", "--workers", "1", "--as-built", "--configuration", Person.Configuration);
        await host.ReadsAsync("The host listens at");

        // What a debugger attaches to is told by name.
        await host.ReadsAsync(@"worker-1\s+process \d+");
        foreach (var (name, program) in ((string, string)[])[("app", "Orchestrations.dll"), ("worker-1", "GpuWorker.dll")])
        {
            var id = Regex.Match(host.Output, $@"{name}\s+process (\d+)").Groups[1].Value;
            Assert.Contains(program, await File.ReadAllTextAsync($"/proc/{id}/cmdline", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        // Another launcher is refused by name.
        var second = await Person.DoAsync(Data, "run", plan, "--as-built");
        Assert.True(second.Code == Exit.Failed, second.Faults);
        Assert.Matches(@"already running here \(process \d+\)", second.Faults);

        // What the host refuses comes with its reasons, and a wrong key with the variable that holds it.
        var url = await File.ReadAllTextAsync(Path.Combine(Data, "host.url"), TestContext.Current.CancellationToken);
        var stranger = await Person.DoAsync(Data, [("CURRICULUM_KEY", "wrong")], "list", "--url", url);
        Assert.True(stranger.Code == Exit.NoHost, stranger.Faults);
        Assert.Contains("CURRICULUM_KEY", stranger.Faults, StringComparison.Ordinal);
        var known = await Person.DoAsync(Data, [("CURRICULUM_KEY", await File.ReadAllTextAsync(Path.Combine(Data, "host.key"), TestContext.Current.CancellationToken))], "list", "--url", url);
        Assert.True(known.Code == Exit.Done, known.Faults);
        Assert.Contains("There are no such runs", known.Output, StringComparison.Ordinal);
        Assert.Equal(Exit.Failed, (await Person.DoAsync(Data, "status", "nobody")).Code);
        var cron = await Person.DoAsync(Data, "schedule", "nightly", plan, "--cron", "0 25 * * *");
        Assert.True(cron.Code == Exit.Refused, cron.Output + cron.Faults);
        Assert.Contains("/cron: Expected five fields", cron.Faults, StringComparison.Ordinal);
        Assert.Contains("25", cron.Faults, StringComparison.Ordinal);
        var scheduled = await Person.DoAsync(Data, "schedule", "nightly", plan, "--time-zone", "Europe/Berlin", "--json");
        Assert.True(scheduled.Code == Exit.Done, scheduled.Faults);
        Assert.Equal("0 2 * * *", (string)JsonNode.Parse(scheduled.Output)!["cron"]!);

        // A run from submission to verdict.
        var submitted = await Person.DoAsync(Data, "submit", plan, "--key", "first", "--json");
        Assert.True(submitted.Code == Exit.Done, submitted.Faults);
        Assert.Equal("first", (string)JsonNode.Parse(submitted.Output)!["id"]!);
        var watched = await Person.DoAsync(Data, "watch", "first", "--json");
        Assert.True(watched.Code == Exit.Done, watched.Faults);
        Assert.Equal("tiny", (string)JsonNode.Parse(watched.Output)!["name"]!);
        var status = await Person.DoAsync(Data, "status", "first");
        Assert.Matches(@"first  completed", status.Output);

        // What was measured, as a table and as TensorBoard's files.
        var figures = await Person.DoAsync(Data, "metrics", "first", "--arm", "sft");
        Assert.Matches(@"\Aarm,seed,stage,attempt,method,iteration,figure,value\nsft,1,0,0,sft,\d+,updates,\d+\n", figures.Output);
        var table = Path.Combine(_folder.FullName, "figures.csv");
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "metrics", "first", "--to", table)).Code);
        Assert.Equal(figures.Output, await File.ReadAllTextAsync(table, TestContext.Current.CancellationToken));
        var events = await Person.DoAsync(Data, "metrics", "first", "--format", "tensorboard", "--to", Path.Combine(_folder.FullName, "events"), "--as-built", "--configuration", Person.Configuration);
        Assert.True(events.Code == Exit.Done, events.Faults);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder.FullName, "events", "sft-seed1-stage0-attempt0")));

        // Another is held, goes on, is canceled, and is done again and forked.
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "submit", longer, "--key", "second")).Code);
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "pause", "second")).Code);
        await StateAsync("second", "paused");
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "resume", "second")).Code);
        await StateAsync("second", "running");
        Assert.Equal(Exit.Refused, (await Person.DoAsync(Data, "cancel", "second")).Code);
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "cancel", "second", "--yes")).Code);
        var canceled = await Person.DoAsync(Data, "watch", "second");
        Assert.True(canceled.Code == Exit.Failed, canceled.Output + canceled.Faults);
        Assert.Equal(Exit.Failed, (await Person.DoAsync(Data, "retry", "first")).Code);
        var retried = await Person.DoAsync(Data, "retry", "second", "--json");
        Assert.True(retried.Code == Exit.Done, retried.Faults);
        Assert.Equal("second-retry", (string)JsonNode.Parse(retried.Output)!["id"]!);
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "cancel", "second-retry", "--yes")).Code);
        var forked = await Person.DoAsync(Data, "fork", "first", At("more.json", Plan.Replace("60000", "70000", StringComparison.Ordinal)), "--key", "third");
        Assert.True(forked.Code == Exit.Done, forked.Faults);
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "watch", "third")).Code);
        var listed = await Person.DoAsync(Data, "list", "--json");
        Assert.Equal(["first", "second", "second-retry", "third"], JsonNode.Parse(listed.Output)!["runs"]!.AsArray().Select(run => (string)run!["id"]!).Order(StringComparer.Ordinal));
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "compare", "first", "third")).Code);
        Assert.Equal(Exit.Done, (await Person.DoAsync(Data, "purge", "third", "--yes")).Code);

        await host.InterruptAsync();
        Assert.True(await host.EndAsync() == Exit.Done, host.Output + host.Faults);
        Assert.Equal(Exit.NoHost, (await Person.DoAsync(Data, "list")).Code);
    }

    [Fact]
    public async Task A_person_is_asked_for_what_no_flag_answers()
    {
        if (!Person.HasTerminal)
            Assert.Skip("Expected the program 'script' of util-linux, which gives a command a terminal; found none.");
        var path = Path.Combine(_folder.FullName, "asked.json");
        await using var person = Person.InTerminal(Data, "new", path, "--seeds", "1");
        await person.ReadsAsync("Name of the plan");
        await person.TypeAsync("mine\r");
        await person.ReadsAsync("Data set beside the plan");
        await person.TypeAsync("\r");
        await person.ReadsAsync("Base model");
        await person.TypeAsync("\r");
        await person.ReadsAsync("Methods of the curriculum");
        await person.TypeAsync("sft,rlvr\r");
        await person.ReadsAsync("Budget of each arm");
        await person.TypeAsync("5000\r");
        Assert.True(await person.EndAsync() == Exit.Done, person.Words);
        var plan = Curriculum.Submission.PlanReader.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Plan!;
        Assert.Equal(("mine", 5000L, "sft-rlvr", 1), (plan.Name, plan.Budget.Amount, plan.Evaluation.Curriculum, plan.Seeds.Count));

        // The key is asked for, and not shown.
        await using var stranger = Person.InTerminal(Data, "list", "--url", "http://127.0.0.1:9");
        await stranger.ReadsAsync("Key of the host");
        await stranger.TypeAsync("not-to-be-seen\r");
        Assert.Equal(Exit.NoHost, await stranger.EndAsync());
        Assert.Contains("does not answer", stranger.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-seen", stranger.Words, StringComparison.Ordinal);
    }

    private async Task<(string Output, string Words)> StoppedAsync(string phase, string words, params string[] args)
    {
        await using var person = Person.InTerminal(Data, args);
        await person.ReadsAsync(phase);
        await person.TypeAsync("\u0003");
        var code = await person.EndAsync();
        Assert.True(code == Exit.Interrupted, $"{phase}: {code}\n{person.Words}");
        Assert.Matches(words, person.Words);
        Assert.DoesNotMatch("ended unexpectedly|Exception|   at ", person.Words);
        return (person.Output, person.Words);
    }

    private async Task StateAsync(string run, string state)
    {
        for (var tries = 0; ; tries++)
        {
            var status = JsonNode.Parse((await Person.DoAsync(Data, "status", run, "--json")).Output)!;
            if ((string)status["state"]! == state)
                return;
            Assert.True(tries < 60, status.ToJsonString());
            await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        }
    }

    private string At(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
